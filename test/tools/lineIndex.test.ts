import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLine, indexLines, type LineIndex, readLines } from '../../electron/tools/common/lineIndex.ts';

const never = new AbortController().signal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-lines-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function indexed(text: string, start = 0, end = Number.POSITIVE_INFINITY): Promise<LineIndex> {
  const file = join(folder, 'script.sql');
  await writeFile(file, text);
  return indexLines(file, start, end);
}

const texts = async (index: LineIndex, from: number, count: number, longest = 100): Promise<string[]> =>
  (await readLines(index, from, count, longest)).map(({ text }) => text);

describe('lines by their number', () => {
  test.each([
    ['', ['']],
    ['a', ['a']],
    ['a\n', ['a', '']],
    ['a\r\nb\n\nc', ['a', 'b', '', 'c']],
  ])('of %j', async (text, lines) => {
    const index = await indexed(text);
    expect(index.lines).toBe(lines.length);
    expect(await texts(index, 0, 10)).toEqual(lines);
    expect(await texts(index, lines.length - 1, 1)).toEqual(lines.slice(-1));
    expect(await texts(index, lines.length, 1)).toEqual([]);
  });

  test('of a file of more than one block, in the middle of it, at its end, and of a part of it', async () => {
    const line = (number: number): string => `${number} ${'ü€😀'.repeat(9)}`;
    const all = Array.from({ length: 30_000 }, (_, number) => line(number));
    const text = all.join('\n');
    const index = await indexed(text);
    expect(Buffer.byteLength(text)).toBeGreaterThan(2 * 1024 * 1024);
    expect(index.lines).toBe(all.length);
    for (const from of [0, 1023, 1024, 1025, 17_777, 29_998]) {
      const expected = all.slice(from, from + 3);
      expect(await texts(index, from, 3)).toEqual(expected);
    }
    const start = Buffer.byteLength(`${all.slice(0, 5000).join('\n')}\n`);
    const part = await indexed(text, start, start + Buffer.byteLength(all.slice(5000, 5002).join('\n')));
    expect(part.lines).toBe(2);
    expect(await texts(part, 0, 5)).toEqual(all.slice(5000, 5002));
  });

  test('a line of megabytes is cut, and those after it are whole', async () => {
    const index = await indexed(`${'x'.repeat(3_000_000)}\nshort\n${'ü'.repeat(101)}`);
    expect(await readLines(index, 0, 5, 100)).toEqual([
      { number: 0, text: 'x'.repeat(100), cut: true },
      { number: 1, text: 'short', cut: false },
      { number: 2, text: 'ü'.repeat(100), cut: true },
    ]);
  });
});

describe('words', () => {
  const padding = Array.from({ length: 60_000 }, (_, number) => `insert into a values (${number});`);

  test('are found from a line on, whatever their case', async () => {
    const index = await indexed([...padding, 'DROP Table a;', ...padding, 'drop table b;'].join('\n'));
    expect(await findLine(index, 'drop TABLE', 0, never)).toBe(60_000);
    expect(await findLine(index, 'drop table', 60_001, never)).toBe(120_001);
    expect(await findLine(index, 'drop table', 120_002, never)).toBeNull();
    expect(await findLine(index, 'values (1)', 1, never)).toBe(1);
  });

  test('a search that nobody waits for ends', async () => {
    const index = await indexed(padding.join('\n'));
    await expect(findLine(index, 'nowhere', 0, AbortSignal.abort())).rejects.toThrow();
  });
});
