import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CanonicalHash } from '../../../electron/tools/common/checksum.ts';

function canonical(text: string, cuts: readonly number[] = []): string {
  const bytes = Buffer.from(text);
  const hash = new CanonicalHash();
  let from = 0;
  for (const cut of [...cuts].map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b)) {
    hash.update(bytes.subarray(from, cut));
    from = cut;
  }
  hash.update(bytes.subarray(from));
  return hash.digest();
}

const script = 'create table a (id int);\n\ninsert into a values (1);\n';

test.each([
  ['CRLF line ends', script.replaceAll('\n', '\r\n')],
  ['comments and blank lines before it', `-- description: something\n\n  -- more\n${script}`],
  ['blank lines after it', `${script}\n \t\n`],
  ['no line end at its end', script.trimEnd()],
  ['blanks on blank lines', script.replace('\n\n', '\n  \t\r\n')],
])('%s do not change the checksum', (_, text) => {
  expect(canonical(text)).toBe(canonical(script));
});

test.each([
  ['a comment within', script.replace('\n\n', '\n-- why\n')],
  ['a blank line within', script.replace('\n\n', '\n\n\n')],
  ['a blank at the end of a line of code', script.replace(';\n', '; \n')],
  ['another statement', `${script}select 1;\n`],
])('%s changes it', (_, text) => {
  expect(canonical(text)).not.toBe(canonical(script));
});

test('pieces of any size give the same checksum', () => {
  const line = fc.constantFrom('\n', '\r\n', '-- c\n', '  \n', 'select 1;\n', 'x\r', '\r\r\n', "'é';");
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat({ max: 60 }), { maxLength: 5 }), (lines, cuts) => {
      const text = lines.join('');
      expect(canonical(text, cuts)).toBe(canonical(text));
    }),
  );
});

test('a line far longer than a block counts as it is', () => {
  const long = `insert into t values ('${'x'.repeat(900_000)}')\r\n`;
  expect(canonical(long, [300_000, 600_000, 900_024])).toBe(canonical(long.replace('\r', '')));
});
