/** A workspace of many environments: each a SQLite database of its own, with dbmate's history of one shared folder. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { compose } from '../../electron/compose.ts';
import type { Context } from '../../electron/services/context.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { refreshMatrix } from '../../electron/services/readMatrix.ts';
import { environmentColours, tiers } from '../../shared/model/environment.ts';

/** Each environment lacks so many of the last migrations at most. */
const mostPending = 40;
const perGroup = 50;

const never = new AbortController().signal;
const versionOf = (number: number): string => String(20_260_101_000_000 + number);

export interface WorkspaceWanted {
  /** Gets the databases and the migrations. */
  readonly folder: string;
  readonly dataDirectory: string;
  readonly environments: number;
  readonly migrations: number;
}

export interface FilledWorkspace {
  /** Of the environments, in order. */
  readonly files: readonly string[];
  /** Seconds that reading all of them took. */
  readonly readSeconds: number;
}

/** Every environment was read once. */
export async function fillWorkspace(wanted: WorkspaceWanted): Promise<FilledWorkspace> {
  const source = join(wanted.folder, 'migrations');
  await writeMigrations(source, wanted.migrations);
  const files = await makeDatabases(wanted);
  const backend = await compose({ dataDirectory: wanted.dataDirectory, shell: 'commandLine' });
  try {
    for (const [index, file] of files.entries()) await add(backend.context, index, file, source);
    const startedAt = performance.now();
    await Array.fromAsync(refreshMatrix(backend.context, { environmentIds: null, maxAgeMs: 0 }, never));
    return { files, readSeconds: (performance.now() - startedAt) / 1000 };
  } finally {
    await backend.close();
  }
}

const add = (context: Context, index: number, file: string, source: string) =>
  addEnvironment(context, {
    name: `customer-${String(index + 1).padStart(3, '0')}`,
    tier: tiers[index % tiers.length] ?? 'test',
    colour: environmentColours[index % environmentColours.length] ?? 'grey',
    group: `Region ${Math.floor(index / perGroup) + 1}`,
    connection: { engine: 'sqlite', file },
    source: { path: source, tool: 'dbmate' },
    secret: null,
  });

/** `1_step_1.sql` and so on, in dbmate's format. */
export async function writeMigrations(source: string, count: number): Promise<void> {
  await mkdir(source);
  for (let number = 1; number <= count; number += 1)
    await writeFile(
      join(source, `${versionOf(number)}_step_${number}.sql`),
      `-- migrate:up\nCREATE TABLE step_${number} (id integer);\n\n-- migrate:down\nDROP TABLE step_${number};\n`,
    );
}

/** With histories as dbmate leaves them, and none of the tables, which nobody looks at here. */
async function makeDatabases({ folder, environments, migrations }: WorkspaceWanted): Promise<readonly string[]> {
  const template = join(folder, 'template.db');
  const database = new Database(template);
  database.exec('CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)');
  const insert = database.prepare('INSERT INTO schema_migrations (version) VALUES (?)');
  database.transaction(() => {
    for (let number = 1; number <= migrations; number += 1) insert.run(versionOf(number));
  })();
  database.close();
  const files: string[] = [];
  for (let index = 0; index < environments; index += 1) {
    const file = join(folder, `customer-${index + 1}.db`);
    await copyFile(template, file);
    const copy = new Database(file);
    copy.prepare('DELETE FROM schema_migrations WHERE version > ?').run(versionOf(migrations - (index % mostPending)));
    copy.close();
    files.push(file);
  }
  return files;
}
