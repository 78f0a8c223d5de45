/** A folder of TypeORM: classes whose names end in the milliseconds of their making (src/migration/MigrationExecutor.ts). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { listFolder } from '../common/folder.ts';
import { printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { type ClassShape, classesIn } from '../programs/classes.ts';
import { type LibraryReader, libraryReader } from '../programs/libraryMigrations.ts';
import { isCode } from '../programs/readProgram.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';
import { type TypeormSettings, typeormSettings } from './settings.ts';

export const mayBeMigration = (name: string): boolean => isCode(name) && !name.startsWith('.');

/** The milliseconds that a migration's name ends in; null when it ends in none, which TypeORM refuses. */
export function timestampOf(name: string): number | null {
  const found = Number.parseInt(name.slice(-13), 10);
  return Number.isNaN(found) || found === 0 ? null : found;
}

export async function readTypeorm(root: string, { engine }: ReadOptions): Promise<ReadResult> {
  const { files, problems } = await listFolder(root);
  const settings = typeormSettings(root);
  const findings = newFindings();
  findings.problems.push(...problems);
  findings.notices.push(...settings.notices);
  const reader = await libraryReader(root, 'typeorm', engine);
  const migrations: Migration[] = [];
  for (const file of files.filter(mayBeMigration)) {
    const migration = await readFileOf(root, file, reader, settings, findings);
    if (migration !== null) migrations.push(migration);
  }
  migrations.sort((left, right) => (timestampOf(left.historyKey) ?? 0) - (timestampOf(right.historyKey) ?? 0));
  const unique = withoutDuplicates(migrations, ({ historyKey }) => historyKey, 'name');
  findings.problems.push(...unique.problems);
  const { historyTable } = settings;
  return {
    ...readResult(root, 'typeorm', unique.kept, findings),
    ...(historyTable === null ? {} : { historyTable }),
  };
}

async function readFileOf(
  root: string,
  file: string,
  reader: LibraryReader,
  settings: TypeormSettings,
  { problems, notices }: Findings,
): Promise<Migration | null> {
  // What cannot be read is told by the reader of programs.
  const text = await readFile(join(root, file), 'utf8').catch(() => '');
  const [found, ...others] = classesIn(text).filter(({ methods }) => methods.has('up'));
  if (found === undefined) {
    notices.push(passedOver(file));
    return null;
  }
  const read = await reader.read(file);
  problems.push(...read.problems, ...complaints(file, found, others));
  const name = nameOf(found) ?? file;
  const own = found.fields.get('transaction');
  const transaction = { up: typeof own === 'boolean' ? own : settings.transactional, down: settings.transactional };
  return {
    version: name,
    historyKey: name,
    name: name.replace(/\d{13}$/, '') || name,
    kind: 'versioned',
    up: read.up,
    down: found.methods.has('down') ? read.down : null,
    verify: null,
    checksum: null,
    transaction,
    metadata: {},
    ...(reader.notRunnable === undefined ? {} : { notRunnable: reader.notRunnable }),
  };
}

/** Its field `name` comes before the class's own. */
function nameOf({ name, fields }: ClassShape): string | null {
  const field = fields.get('name');
  return typeof field === 'string' ? field : name;
}

function complaints(file: string, found: ClassShape, others: readonly ClassShape[]): Problem[] {
  const problems: Problem[] = [];
  const name = nameOf(found);
  if (name === null || timestampOf(name) === null)
    problems.push(
      sourceProblem(
        'source.unknownName',
        `The class ${printable(name ?? 'without a name')} in ${printable(file)} does not end in a time of 13 digits: TypeORM refuses all migrations for it.`,
        'End its name in the milliseconds of its making, as in CreateUsers1700000000000.',
        { path: file, line: found.line },
      ),
    );
  const [second] = others;
  if (second !== undefined)
    problems.push(
      sourceProblem(
        'source.unsupported',
        `${printable(file)} holds more than one migration.`,
        'Put each into a file of its own.',
        { path: file, line: second.line },
      ),
    );
  return problems;
}

const passedOver = (file: string): Problem =>
  sourceProblem(
    'source.unknownName',
    `${printable(file)} holds no class with a method “up”: it is no migration, and passed over.`,
    'Move it out of the folder where it was meant to be one.',
    { path: file },
  );
