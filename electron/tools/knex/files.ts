/** A folder of knex: every file is a migration, named with its extension (lib/migrations/migrate/sources/fs-migrations.js). */
import { extname } from 'node:path';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { listFolder } from '../common/folder.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { newFindings, readResult } from '../common/source.ts';
import { byCodeUnits } from '../common/versions.ts';
import { type LibraryMigration, type LibraryReader, libraryReader } from '../programs/libraryMigrations.ts';
import { isCode } from '../programs/readProgram.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';
import { type KnexSettings, knexfiles, knexSettings } from './settings.ts';

/** Of a file that may be one, whatever the settings say. */
export const mayBeMigration = (name: string): boolean =>
  isCode(name) && !name.startsWith('.') && !knexfiles.includes(name);

export async function readKnex(root: string, { engine }: ReadOptions): Promise<ReadResult> {
  const { files, problems } = await listFolder(root);
  const settings = knexSettings(root);
  const findings = newFindings();
  findings.problems.push(...problems);
  const isMigration = (name: string) => mayBeMigration(name) && settings.loadExtensions.includes(extname(name));
  findings.notices.push(
    ...settings.notices,
    ...files.filter((name) => mayBeMigration(name) && !isMigration(name)).map(otherExtension),
  );
  const reader = await libraryReader(root, 'knex', engine);
  const migrations: Migration[] = [];
  for (const name of files.filter(isMigration).sort(byCodeUnits)) {
    const read = await reader.read(name);
    findings.problems.push(...read.problems, ...(await complaints(name, read)));
    migrations.push(migrationOf(name, read, reader, settings));
  }
  const { historyTable } = settings;
  return {
    ...readResult(root, 'knex', migrations, findings),
    ...(historyTable === null ? {} : { historyTable }),
  };
}

function migrationOf(
  file: string,
  { up, down, shape }: LibraryMigration,
  reader: LibraryReader,
  settings: KnexSettings,
): Migration {
  const transaction = !settings.disableTransactions && transactionOf(shape.literals.get('config')) !== false;
  const notRunnable = reader.notRunnable ?? settings.notRunnable;
  return {
    version: file,
    historyKey: file,
    name: file.slice(0, -extname(file).length).replace(/^\d+[_-]?/, '') || file,
    kind: 'versioned',
    up,
    down: shape.mentions.has('down') ? down : null,
    verify: null,
    checksum: null,
    transaction: { up: transaction, down: transaction },
    metadata: {},
    ...(notRunnable === undefined ? {} : { notRunnable }),
  };
}

/** Null: nothing is written of it. */
const transactionOf = (config: unknown): boolean | null => {
  const value: unknown = typeof config === 'object' && config !== null ? Reflect.get(config, 'transaction') : null;
  return typeof value === 'boolean' ? value : null;
};

async function complaints(file: string, { shape }: LibraryMigration): Promise<Problem[]> {
  const { mentions, literals } = shape;
  const missing = ['up', 'down'].filter((name) => !mentions.has(name));
  const problems = missing.map((name) =>
    sourceProblem(
      'source.invalidSections',
      `${printable(file)} exports no function "${name}": knex refuses to run it.`,
      name === 'up' ? 'Export one, or move the file out of the folder.' : 'Export one; it may do nothing.',
      { path: file },
    ),
  );
  if (mentions.has('config') && mentions.has('transaction') && !literals.has('config'))
    problems.push(
      sourceProblem(
        'source.invalidMetadata',
        `${printable(file)} computes its config, so that it cannot be known whether it wants a transaction.`,
        'Write it out: exports.config = { transaction: false }.',
        { path: file },
      ),
    );
  return problems;
}

const otherExtension = (name: string): Problem =>
  sourceProblem(
    'source.unknownName',
    `${printable(name)} is passed over, as knex does: its extension is not among its loadExtensions.`,
    'Name the extension in the knexfile (migrations.loadExtensions), or rename the file.',
    { path: name },
  );
