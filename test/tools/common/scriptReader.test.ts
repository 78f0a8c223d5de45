import { createHash } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scanFile, wholeScript } from '../../../electron/tools/common/scan.ts';
import { createScriptReader } from '../../../electron/tools/common/scriptReader.ts';
import type { FileScript, TextScript } from '../../../shared/model/migration.ts';
import { folderOf } from '../folder.ts';

async function chunks(root: string, script: FileScript | TextScript): Promise<string[]> {
  const read: string[] = [];
  for await (const chunk of createScriptReader(root).read(script)) read.push(chunk);
  return read;
}

const scriptIn = async (root: string) => wholeScript(await scanFile(root, 'a.sql'));

test('gives the text of a section only', async () => {
  await using folder = await folderOf({ 'a.sql': '-- up\nsélect 1;\n-- down\nselect 2;\n' });
  const { sections } = await scanFile(folder.path, 'a.sql', {
    mark: (line) => (line.startsWith('-- ') ? { opens: line } : null),
  });
  const { start = 0, end = 0, sha256 = '', line = 0 } = sections[1] ?? {};
  expect(
    await chunks(folder.path, { kind: 'file', path: 'a.sql', start, end, sha256, line, bytes: end - start }),
  ).toEqual(['sélect 1;\n']);
});

test('a file changed after the plan gives no text at all', async () => {
  await using folder = await folderOf({ 'a.sql': 'select 1;\n' });
  const script = await scriptIn(folder.path);
  await writeFile(join(folder.path, 'a.sql'), 'select 2;\n');
  const given: string[] = [];
  const reading = async () => {
    for await (const chunk of createScriptReader(folder.path).read(script)) given.push(chunk);
  };
  await expect(reading()).rejects.toMatchObject({ problem: { code: 'plan.stale', path: 'a.sql' } });
  expect(given).toEqual([]);
});

test('a file that became shorter is stale; text added after the planned range is not of the plan', async () => {
  await using folder = await folderOf({ 'a.sql': 'select 1;\n' });
  const script = await scriptIn(folder.path);
  await appendFile(join(folder.path, 'a.sql'), 'drop table everything;\n');
  expect(await chunks(folder.path, script)).toEqual(['select 1;\n']);
  await writeFile(join(folder.path, 'a.sql'), 'select');
  await expect(chunks(folder.path, script)).rejects.toMatchObject({ problem: { code: 'plan.stale' } });
});

test('a file that is gone is unreadable', async () => {
  await using folder = await folderOf();
  const script: FileScript = { kind: 'file', path: 'gone.sql', start: 0, end: 1, bytes: 1, line: 1, sha256: '' };
  await expect(chunks(folder.path, script)).rejects.toMatchObject({
    problem: { code: 'source.unreadable', path: 'gone.sql' },
  });
});

test('text that is not UTF-8 is refused with its line', async () => {
  await using folder = await folderOf({ 'a.sql': Buffer.from('select 1;\n\xff', 'latin1') });
  await expect(chunks(folder.path, await scriptIn(folder.path))).rejects.toMatchObject({
    problem: { code: 'script.notUtf8', line: 2 },
  });
});

test('a script of 100 MB comes in chunks of at most 1 MiB, in little memory, and a change is noticed at its end', async () => {
  await using folder = await folderOf();
  const path = join(folder.path, 'a.sql');
  const row = `INSERT INTO patient VALUES (1, '${'ä'.repeat(200)}');\n`;
  const part = row.repeat(Math.ceil(10_000_000 / Buffer.byteLength(row)));
  for (let count = 0; count < 10; count++) await appendFile(path, part);
  const script = await scriptIn(folder.path);
  expect(script.bytes).toBeGreaterThanOrEqual(100_000_000);

  const before = process.memoryUsage().rss;
  let most = 0;
  let bytes = 0;
  let lastMemory = before;
  for await (const chunk of createScriptReader(folder.path).read(script)) {
    most = Math.max(most, Buffer.byteLength(chunk));
    bytes += Buffer.byteLength(chunk);
    lastMemory = Math.max(lastMemory, process.memoryUsage().rss);
  }
  expect(bytes).toBe(script.bytes);
  expect(most).toBeLessThanOrEqual(1024 * 1024);
  expect(lastMemory - before).toBeLessThan(150_000_000);

  await expect(chunks(folder.path, { ...script, sha256: '0'.repeat(64) })).rejects.toMatchObject({
    problem: { code: 'plan.stale' },
  });
});

test('text of no file is given in chunks, never through the middle of a character', async () => {
  const text = '😀'.repeat(300_001);
  const script: TextScript = {
    kind: 'text',
    path: 'stored',
    line: 1,
    text,
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  };
  const read = await chunks('/', script);
  expect(read.length).toBeGreaterThan(1);
  expect(read.every((chunk) => chunk.isWellFormed() && Buffer.byteLength(chunk) <= 1024 * 1024)).toBe(true);
  expect(read.join('')).toBe(text);
  await expect(chunks('/', { ...script, text: `${text}!` })).rejects.toMatchObject({ problem: { code: 'plan.stale' } });
});
