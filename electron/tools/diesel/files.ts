/** diesel's migrations: a folder each, with up.sql, perhaps down.sql and metadata.toml (file_based_migrations.rs). */
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { nearest } from '../common/detecting.ts';
import { folderWithin, listFolder } from '../common/folder.ts';
import { downWithoutUp, printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { type ScannedFile, scanFile, wholeScript } from '../common/scan.ts';
import { readTomlFile, settingText, tableIn } from '../common/settingsFile.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { compareBytes } from '../common/versions.ts';
import type { ReadResult } from '../tool.ts';

/** Up to the first underscore, dashes left out: `2026-01-05-090000_create_users` is 20260105090000. */
export function splitName(folder: string): { version: string; name: string } {
  const at = folder.indexOf('_');
  const [head, name] = at < 0 ? [folder, ''] : [folder.slice(0, at), folder.slice(at + 1)];
  return { version: head.replaceAll('-', ''), name };
}

/** Where diesel.toml, if it lies in the root, says that the migrations are; relative to the root. */
export async function migrationsFolder(root: string, problems: Problem[]): Promise<string> {
  const config = await nearest(root, ['diesel.toml']);
  if (config === null || (await folderWithin(root, config.folder)) !== '') return '';
  const dir = settingText(tableIn(await readTomlFile(root, 'diesel.toml', problems), 'migrations_directory').dir);
  return (await folderWithin(root, dir ?? 'migrations')) ?? '';
}

export async function readDiesel(root: string): Promise<ReadResult> {
  const findings = newFindings();
  const base = await migrationsFolder(root, findings.problems);
  const listed = await listFolder(root, base);
  findings.problems.push(...listed.problems);
  const migrations: Migration[] = [];
  for (const folder of listed.folders.filter((name) => !name.startsWith('.'))) {
    const place = base === '' ? folder : `${base}/${folder}`;
    const migration = await migrationIn(root, folder, place, findings);
    if (migration !== null) migrations.push(migration);
  }
  migrations.sort((a, b) => compareBytes(a.version, b.version));
  const { kept, problems } = withoutDuplicates(migrations, (migration) => migration.version);
  findings.problems.push(...problems);
  return readResult(root, 'diesel', kept, findings);
}

async function migrationIn(root: string, folder: string, place: string, findings: Findings): Promise<Migration | null> {
  const { files, problems } = await listFolder(root, place);
  findings.problems.push(...problems);
  const has = (name: string) => files.includes(name);
  if (!has('up.sql')) {
    if (has('down.sql')) findings.problems.push(downWithoutUp(`${place}/down.sql`, `${place}/up.sql`));
    else if (files.length > 0) findings.notices.push(noMigration(place));
    return null;
  }
  const read = async (name: string): Promise<ScannedFile> => {
    const file = await scanFile(root, `${place}/${name}`);
    if (file.problem !== null) findings.problems.push(file.problem);
    else if (file.startsWithMark) findings.problems.push(withMark(file.path));
    return file;
  };
  const up = await read('up.sql');
  if (up.bytes === 0) findings.problems.push(empty(up.path));
  const down = has('down.sql') ? await read('down.sql') : null;
  if (down !== null && down.bytes === 0) findings.notices.push(empty(down.path));
  const inTransaction = has('metadata.toml') ? await readTransaction(root, `${place}/metadata.toml`, findings) : true;
  const { version, name } = splitName(folder);
  return {
    version,
    historyKey: version,
    name,
    kind: 'versioned',
    up: wholeScript(up),
    down: down === null || down.bytes === 0 ? null : wholeScript(down),
    verify: null,
    checksum: null,
    transaction: { up: inTransaction, down: inTransaction },
    metadata: {},
  };
}

async function readTransaction(root: string, path: string, { problems }: Findings): Promise<boolean> {
  const written = (await readTomlFile(root, path, problems))?.run_in_transaction;
  if (written === undefined || typeof written === 'boolean') return written ?? true;
  const message = `run_in_transaction in ${printable(path)} is neither true nor false.`;
  problems.push(
    sourceProblem('source.invalidMetadata', message, 'Write run_in_transaction = false, or leave it out.', { path }),
  );
  return true;
}

function empty(path: string): Problem {
  const message = `${printable(path)} is empty: diesel fails on it.`;
  return sourceProblem(
    'source.invalidSections',
    message,
    'Write the statements, or a comment where there is nothing to do.',
    {
      path,
      line: 1,
    },
  );
}

/** Passed on to the server, which refuses it. */
function withMark(path: string): Problem {
  const message = `${printable(path)} begins with a byte-order mark, which diesel sends to the server.`;
  return sourceProblem('source.invalidSections', message, 'Save the file as UTF-8 without one.', { path, line: 1 });
}

function noMigration(path: string): Problem {
  const message = `${printable(path)} has no up.sql: it is no migration of diesel.`;
  return sourceProblem(
    'source.unknownName',
    message,
    'If it is one, add up.sql; migrations in Rust are not seen here.',
    { path },
  );
}
