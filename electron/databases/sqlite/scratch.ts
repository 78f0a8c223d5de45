/** A file of our own for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileConnection } from '../../../shared/model/environment.ts';
import type { SessionOptions } from '../driver.ts';
import type { ScratchDatabase, ScratchDatabases } from '../scratch.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { createDatabase } from './connect.ts';
import { sqliteLexicon } from './lexicon.ts';

export const sqliteScratch: ScratchDatabases<FileConnection> = { create, leaves, home: 'main' };

async function create(
  _beside: FileConnection,
  _options: SessionOptions,
  given: string,
): Promise<ScratchDatabase<FileConnection>> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-test-'));
  const name = `${given}.db`;
  const file = join(folder, name);
  await createDatabase(file);
  return { name, connection: { engine: 'sqlite', file }, drop: () => rm(folder, { recursive: true, force: true }) };
}

const beyond: readonly (readonly [RegExp, string])[] = [
  [/^\s*(?:ATTACH|DETACH)\b/i, 'opens another file'],
  [/^\s*VACUUM\b[\s\S]*\bINTO\b/i, 'writes another file'],
  [/\bload_extension\b/i, 'loads a library'],
];

function leaves(statement: string): string | null {
  const text = tokensOf(sqliteLexicon, statement).join(' ');
  return beyond.find(([form]) => form.test(text))?.[1] ?? null;
}
