/** A folder of sequelize-cli or umzug: a file is a migration, named with its extension (sequelize-cli: src/core/migrator.js). */
import { extname } from 'node:path';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { listFolder } from '../common/folder.ts';
import { downWithoutUp, printable, sourceProblem } from '../common/problems.ts';
import { scanFile, wholeScript } from '../common/scan.ts';
import { newFindings, readResult } from '../common/source.ts';
import { byCodeUnits } from '../common/versions.ts';
import { type LibraryReader, libraryReader } from '../programs/libraryMigrations.ts';
import { isCode } from '../programs/readProgram.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';
import { umzugSettings } from './settings.ts';

/** Where umzug's own example puts the ways back of `.sql` migrations. */
const downFolder = 'down';

export const isMigration = (name: string): boolean => !name.startsWith('.') && (isCode(name) || name.endsWith('.sql'));

export async function readUmzug(root: string, { engine }: ReadOptions): Promise<ReadResult> {
  const folder = await listFolder(root);
  const settings = umzugSettings(root);
  const findings = newFindings();
  findings.problems.push(...folder.problems, ...settings.problems);
  findings.notices.push(...settings.notices);
  const names = folder.files.filter(isMigration).sort(byCodeUnits);
  const downs = folder.folders.includes(downFolder) ? (await listFolder(root, downFolder)).files : [];
  findings.problems.push(
    ...downs.filter((name) => !names.includes(name)).map((name) => downWithoutUp(`${downFolder}/${name}`, name)),
  );
  const reader = await libraryReader(root, 'sequelize', engine);
  const migrations: Migration[] = [];
  for (const name of names) {
    const read = name.endsWith('.sql')
      ? await sqlMigration(root, name, downs)
      : await program(name, reader, settings.notRunnable);
    findings.problems.push(...read.problems);
    migrations.push(read.migration);
  }
  const { historyTable } = settings;
  return {
    ...readResult(root, 'umzug', migrations, findings),
    ...(historyTable === null ? {} : { historyTable }),
  };
}

interface Read {
  readonly migration: Migration;
  readonly problems: readonly Problem[];
}

function migrationOf(file: string, scripts: Pick<Migration, 'up' | 'down'>): Migration {
  return {
    version: file,
    historyKey: file,
    name: file.slice(0, -extname(file).length).replace(/^\d+[._-]?/, '') || file,
    kind: 'versioned',
    ...scripts,
    verify: null,
    checksum: null,
    // Neither program begins one; who wants one begins it in the migration.
    transaction: { up: false, down: false },
    metadata: {},
  };
}

async function program(file: string, reader: LibraryReader, obstacle: string | undefined): Promise<Read> {
  const { up, down, shape, problems } = await reader.read(file);
  const notRunnable = reader.notRunnable ?? obstacle;
  const migration = migrationOf(file, { up, down: shape.mentions.has('down') ? down : null });
  const missing = shape.mentions.has('up') ? [] : [withoutUp(file)];
  return {
    migration: notRunnable === undefined ? migration : { ...migration, notRunnable },
    problems: [...problems, ...missing],
  };
}

async function sqlMigration(root: string, file: string, downs: readonly string[]): Promise<Read> {
  const up = await scanFile(root, file);
  const down = downs.includes(file) ? await scanFile(root, `${downFolder}/${file}`) : null;
  return {
    migration: migrationOf(file, { up: wholeScript(up), down: down === null ? null : wholeScript(down) }),
    problems: [up.problem, down?.problem ?? null].filter((problem) => problem !== null),
  };
}

const withoutUp = (file: string): Problem =>
  sourceProblem(
    'source.invalidSections',
    `${printable(file)} exports no function "up".`,
    'Export one, or move the file out of the folder.',
    { path: file },
  );
