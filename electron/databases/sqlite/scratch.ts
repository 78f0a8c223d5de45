/** A file of our own for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileConnection } from '../../../shared/model/environment.ts';
import type { Session, TableName } from '../../engine/ports.ts';
import { scratchName } from '../common/scratchName.ts';
import type { ScratchDatabase, ScratchDatabases } from '../scratch.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { createDatabase } from './connect.ts';
import { sqliteLexicon } from './lexicon.ts';

export const sqliteScratch: ScratchDatabases<FileConnection> = { create, leaves, readSchema };

async function create(): Promise<ScratchDatabase<FileConnection>> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-test-'));
  const name = `${scratchName()}.db`;
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

const schemaQuery = `SELECT type, name, tbl_name AS owner, sql FROM main.sqlite_schema
 WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'lockkeeper\\_run' ESCAPE '\\' AND name NOT LIKE 'lockkeeper\\_step' ESCAPE '\\'`;

async function readSchema(session: Session, except: readonly TableName[]): Promise<string[]> {
  const left = new Set(except.map(({ name }) => name.toLowerCase()));
  const rows = await session.query(schemaQuery);
  return rows
    .filter((row) => !left.has(String(row['owner']).toLowerCase()))
    .map((row) => `${String(row['type'])} ${String(row['name'])}: ${definitionOf(String(row['sql'] ?? ''))}`)
    .sort();
}

/** SQLite keeps the text as it was written, and quotes names when it changes it: compared are its words. */
const definitionOf = (sql: string): string =>
  tokensOf(sqliteLexicon, sql)
    .map((token) => /^["`[](\w+)["`\]]$/.exec(token)?.[1] ?? token)
    .join(' ');
