import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresDriver } from '../../electron/databases/postgres/index.ts';
import { createScriptPieces, type ScriptPieces } from '../../electron/engine/scriptPieces.ts';
import { createScriptReader } from '../../electron/tools/common/scriptReader.ts';
import type { FileScript } from '../../shared/model/migration.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-pieces-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const noPlaceholders = { dialect: postgresDriver.dialect, valueOf: () => null };

const newPieces = (): ScriptPieces =>
  createScriptPieces(createScriptReader(folder), postgresDriver.sql, noPlaceholders);

async function writeScript(path: string, text: string): Promise<FileScript> {
  await writeFile(join(folder, path), text);
  const bytes = Buffer.byteLength(text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { kind: 'file', path, line: 1, start: 0, end: bytes, bytes, sha256 };
}

async function statementsOf(pieces: ScriptPieces, script: FileScript): Promise<string[]> {
  const texts: string[] = [];
  for await (const list of pieces.read(script))
    for (const piece of list) texts.push(piece.kind === 'statement' ? piece.statement.text : piece.text);
  return texts;
}

test('what was analysed is what is sent, although the file changed meanwhile', async () => {
  const script = await writeScript('short.sql', 'SELECT 1; SELECT 2;');
  const pieces = newPieces();
  const analysed = await statementsOf(pieces, script);
  await writeFile(join(folder, 'short.sql'), 'DROP TABLE x; DROP y;');
  expect(analysed).toEqual(['SELECT 1', 'SELECT 2']);
  expect(await statementsOf(pieces, script)).toEqual(analysed);
});

test('a reading that was broken off is not taken for the whole script', async () => {
  const script = await writeScript('broken-off.sql', 'SELECT 1; SELECT 2;');
  const pieces = newPieces();
  for await (const _ of pieces.read(script)) break;
  expect(await statementsOf(pieces, script)).toEqual(['SELECT 1', 'SELECT 2']);
});

test('a long script is not kept: it is read again, and refused when it changed', async () => {
  const line = `SELECT '${'x'.repeat(1000)}';\n`;
  const script = await writeScript('long.sql', line.repeat(9000));
  const pieces = newPieces();
  expect(await statementsOf(pieces, script)).toHaveLength(9000);
  await writeFile(join(folder, 'long.sql'), line.replaceAll('x', 'y').repeat(9000));
  await expect(statementsOf(pieces, script)).rejects.toMatchObject({ problem: { code: 'plan.stale' } });
});

test('of many scripts only some are kept: memory does not grow with their number', async () => {
  const text = `SELECT '${'x'.repeat(7_000_000)}';`;
  const scripts = await Promise.all(Array.from({ length: 6 }, (_, n) => writeScript(`many-${n}.sql`, text)));
  const pieces = newPieces();
  for (const script of scripts) await statementsOf(pieces, script);
  const changed: boolean[] = [];
  for (const script of scripts) {
    await writeFile(join(folder, script.path), text.replaceAll('x', 'y'));
    changed.push(
      await statementsOf(pieces, script).then(
        () => false,
        () => true,
      ),
    );
  }
  expect(changed).toEqual([false, false, false, false, true, true]);
});
