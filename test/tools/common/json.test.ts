import { expect, test } from 'vitest';
import { parseJsonObject } from '../../../electron/tools/common/json.ts';

test('an object, with or without a byte-order mark', () => {
  expect(parseJsonObject('\uFEFF{"a": [1, {"b": null}]}', 'a.json')).toEqual({ value: { a: [1, { b: null }] } });
});

test.each([
  ['{"a":}', 1, 6],
  ['{\n  "a": 1,\n  "b": 2,\n}', 4, 1],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ['{"a": "x\n"}', 1, 7],
  ['{\n"a": tru}', 2, 6],
  ["{'a': 1}", 1, 2],
  ['{"a": [1, 2}', 1, 12],
  ['{"a": 1} x', 1, 10],
  ['{"a": 1', 1, 8],
  ['', 1, 1],
])('%j is refused at line %i, column %i', (text, line, column) => {
  expect(parseJsonObject(text, 'a.json')).toMatchObject({
    problem: { code: 'source.invalidMetadata', path: 'a.json', line, column },
  });
});

test('valid JSON that is no object is refused', () => {
  for (const text of ['[]', 'null', '"text"', '1'])
    expect(parseJsonObject(text, 'a.json')).toMatchObject({ problem: { code: 'source.invalidMetadata', line: 1 } });
});
