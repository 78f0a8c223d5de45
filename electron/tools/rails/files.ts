/** Rails: `db/migrate/N_name.rb` (active_record/migration.rb). Ruby cannot be run here; what is applied can be told. */
import { dirname } from 'node:path';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { listFolder } from '../common/folder.ts';
import { printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { scanFile, wholeScript } from '../common/scan.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { compareNumbers } from '../common/versions.ts';
import type { ReadResult } from '../tool.ts';
import { structureFile, versionsInStructure } from './structure.ts';

export const fileName = /^([0-9]+)_([_a-z0-9]*)\.?([_a-z0-9]*)?\.rb$/;

export async function readRails(root: string): Promise<ReadResult> {
  const folder = await listFolder(root);
  const findings = newFindings();
  findings.problems.push(...folder.problems);
  const named = folder.files.filter((name) => fileName.test(name));
  named.sort((a, b) => compareNumbers(digitsOf(a), digitsOf(b)));
  const migrations: Migration[] = [];
  for (const name of named) migrations.push(await migrationOf(root, name, findings));
  for (const name of folder.files)
    if (name.endsWith('.rb') && !fileName.test(name)) findings.notices.push(passedOver(name));
  const { kept, problems } = withoutDuplicates(migrations, ({ historyKey }) => historyKey);
  findings.problems.push(...problems);
  findings.notices.push(...(await differencesFromStructure(root, kept, findings.problems)));
  return readResult(root, 'rails', kept, findings);
}

const digitsOf = (name: string): string => fileName.exec(name)?.[1] ?? '0';

async function migrationOf(root: string, path: string, { problems }: Findings): Promise<Migration> {
  const file = await scanFile(root, path);
  if (file.problem !== null) problems.push(file.problem);
  const version = String(BigInt(digitsOf(path)));
  return {
    version,
    historyKey: version,
    name: fileName.exec(path)?.[2] ?? '',
    kind: 'versioned',
    up: wholeScript(file),
    down: null,
    verify: null,
    checksum: null,
    notRunnable: 'it is written in Ruby.',
    transaction: { up: true, down: true },
    metadata: {},
  };
}

/** The dump lists the versions it holds: the folder and it should agree. */
async function differencesFromStructure(
  root: string,
  migrations: readonly Migration[],
  problems: Problem[],
): Promise<Problem[]> {
  const dumped = await versionsInStructure(dirname(root), problems);
  if (dumped === null) return [];
  const present = new Set(migrations.map(({ historyKey }) => historyKey));
  const gone = [...dumped].filter((version) => !present.has(version));
  const missing = migrations.filter(({ historyKey }) => !dumped.has(historyKey));
  return [
    ...(gone.length === 0 ? [] : [told(`lists ${some(gone)}, of which there is no file`)]),
    ...(missing.length === 0
      ? []
      : [told(`does not list ${some(missing.map(({ version }) => version))}: it was written before`)]),
  ];
}

const some = (versions: readonly string[]): string =>
  `${versions.slice(0, 3).join(', ')}${versions.length > 3 ? ` and ${versions.length - 3} more` : ''}`;

const told = (what: string): Problem =>
  sourceProblem(
    'source.order',
    `${structureFile} ${what}.`,
    'Get the files of one commit, or write the dump again with rails db:schema:dump.',
    { path: `../${structureFile}` },
  );

const passedOver = (path: string): Problem =>
  sourceProblem(
    'source.unknownName',
    `${printable(path)} is not named as Rails names migrations, and is passed over.`,
    'If it is a migration, name it like 20260131120000_add_users.rb.',
    { path },
  );
