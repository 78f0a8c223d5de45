/** A folder of node-pg-migrate: SQL, JavaScript and TypeScript files in one list (src/migration.ts, src/migrationLoader.ts). */
import { extname } from 'node:path';
import type { Migration, Script } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { listFolder } from '../common/folder.ts';
import { printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { newFindings, readResult } from '../common/source.ts';
import { isCode } from '../programs/readProgram.ts';
import type { ReadResult } from '../tool.ts';
import { compareNames, type OrderRule, orderRule } from './order.ts';
import { programReader } from './programs.ts';
import { readSqlFile } from './sqlFile.ts';

export const isMigration = (name: string): boolean => !name.startsWith('.') && (name.endsWith('.sql') || isCode(name));

export async function readNodePgMigrate(root: string): Promise<ReadResult> {
  const folder = await listFolder(root);
  const findings = newFindings();
  findings.problems.push(...folder.problems);
  const names = folder.files.filter(isMigration);
  const rule = orderRule(root, names);
  findings.notices.push(
    whichRule(root, rule),
    ...folder.files.filter((name) => !isMigration(name) && !name.startsWith('.')).map(passedOver),
  );
  const readCode = await programReader(root);
  const migrations: Migration[] = [];
  for (const name of names.toSorted(compareNames(rule))) {
    findings.problems.push(...problemsOfName(name, rule));
    const read = name.endsWith('.sql') ? await readSqlFile(root, name) : await readCode(name);
    findings.problems.push(...read.problems);
    if ('notices' in read) findings.notices.push(...read.notices);
    migrations.push(migrationOf(name, read));
  }
  const { kept, problems } = withoutDuplicates(migrations, (migration) => migration.historyKey, 'name');
  findings.problems.push(...problems);
  return readResult(root, 'node-pg-migrate', kept, findings);
}

interface ReadFile {
  readonly up: Script;
  readonly down: Script | null;
  readonly transaction?: boolean;
}

function migrationOf(file: string, read: ReadFile): Migration {
  const key = file.slice(0, -extname(file).length);
  const transaction = read.transaction ?? true;
  return {
    version: key,
    historyKey: key,
    name: key.replace(/^\d+[_-]?/, '') || key,
    kind: 'versioned',
    up: read.up,
    down: read.down,
    verify: null,
    checksum: null,
    transaction: { up: transaction, down: transaction },
    metadata: {},
  };
}

function problemsOfName(name: string, rule: OrderRule): Problem[] {
  if (rule.version === 9 && !/^\d/.test(name))
    return [
      sourceProblem(
        'source.unknownName',
        `${printable(name)} does not begin with a number: node-pg-migrate 9 refuses the whole folder for it.`,
        'Number it like the others, or move it out of the folder.',
        { path: name },
      ),
    ];
  if (/\.(up|down)\.sql$/.test(name))
    return [
      sourceProblem(
        'source.unsupported',
        `${printable(name)} is one half of a pair: with its default settings node-pg-migrate would run both halves as migrations of their own, the way back included.`,
        'Put both into one file with the markers "-- Up Migration" and "-- Down Migration".',
        { path: name },
      ),
    ];
  return [];
}

const whichRule = (root: string, { version, reason }: OrderRule): Problem =>
  sourceProblem(
    'source.order',
    `The order is that of node-pg-migrate ${version}: ${reason}.`,
    version === 9
      ? 'Files are in order of the number that their names begin with.'
      : 'Files are in order of the number before the first “_” in their names; those without one come first.',
    { path: root },
  );

const passedOver = (name: string): Problem =>
  sourceProblem(
    'source.unknownName',
    `${printable(name)} is no migration and is passed over; node-pg-migrate itself would try to load it.`,
    'Name it in the tool’s --ignore-pattern, or move it out of the folder.',
    { path: name },
  );
