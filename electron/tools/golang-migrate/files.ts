/** golang-migrate's files (source/parse.go): `N_name.up.sql` and `N_name.down.sql` in one folder, any extension. */
import type { Migration, Script } from '../../../shared/model/migration.ts';
import { textScript } from '../../engine/textScript.ts';
import { listFolder } from '../common/folder.ts';
import { byteOrderMark, printable, sourceProblem } from '../common/problems.ts';
import { scanFile, wholeScript } from '../common/scan.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { compareNumbers, isInteger64 } from '../common/versions.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';

export const fileName = /^([0-9]+)_(.*)\.(down|up)\.(.*)$/s;

interface Files {
  up?: string;
  down?: string;
}

export async function readGolangMigrate(root: string, { engine }: ReadOptions): Promise<ReadResult> {
  const folder = await listFolder(root);
  const findings = newFindings();
  findings.problems.push(...folder.problems);
  const byVersion = groupByVersion(folder.files, findings);
  const migrations: Migration[] = [];
  let previousKey: string | null = null;
  for (const key of [...byVersion.keys()].sort(compareNumbers)) {
    migrations.push({ ...(await migrationOf(root, key, byVersion.get(key) ?? {}, findings)), previousKey });
    previousKey = key;
  }
  const read = readResult(root, 'golang-migrate', migrations, findings);
  // Its SQLite driver locks within one process only.
  return engine === 'sqlite' ? { ...read, rules: { ownLock: null } } : read;
}

function groupByVersion(files: readonly string[], { problems, notices }: Findings): Map<string, Files> {
  const byVersion = new Map<string, Files>();
  for (const file of files) {
    const [, digits, , direction] = fileName.exec(file) ?? [];
    if (digits === undefined || (direction !== 'up' && direction !== 'down')) {
      if (file.endsWith('.sql')) notices.push(passedOver(file));
      continue;
    }
    const version = String(BigInt(digits));
    if (!isInteger64(version)) {
      problems.push(tooLarge(file));
      continue;
    }
    const pair = byVersion.get(version) ?? {};
    const other = pair[direction];
    if (other === undefined) byVersion.set(version, { ...pair, [direction]: file });
    else problems.push(duplicate(file, other, direction));
  }
  return byVersion;
}

async function migrationOf(root: string, key: string, files: Files, findings: Findings): Promise<Migration> {
  const [, , name = ''] = fileName.exec(files.up ?? files.down ?? '') ?? [];
  if (files.up === undefined) findings.notices.push(nothingToApply(files.down ?? ''));
  const up = await scriptIn(root, files.up, findings);
  return {
    version: key,
    historyKey: key,
    name,
    kind: 'versioned',
    // It counts a version without an up file as applied, and runs nothing.
    up: up ?? textScript(files.down ?? '', ''),
    down: await scriptIn(root, files.down, findings),
    verify: null,
    checksum: null,
    transaction: { up: true, down: true },
    metadata: {},
  };
}

async function scriptIn(root: string, path: string | undefined, findings: Findings): Promise<Script | null> {
  if (path === undefined) return null;
  const file = await scanFile(root, path);
  if (file.problem !== null) findings.problems.push(file.problem);
  if (file.startsWithMark) findings.notices.push(byteOrderMark(path, 'golang-migrate'));
  return wholeScript(file);
}

const passedOver = (path: string) =>
  sourceProblem(
    'source.unknownName',
    `${printable(path)} is not named as golang-migrate names migrations, so it passes it over.`,
    'If it is a migration, name it like 7_create_users.up.sql.',
    { path },
  );

const duplicate = (path: string, other: string, direction: string) =>
  sourceProblem(
    'source.duplicateVersion',
    `${printable(path)} and ${printable(other)} are both the ${direction} file of one version.`,
    'Give one of them another version; keep the one that was already applied somewhere.',
    { path },
  );

const tooLarge = (path: string) =>
  sourceProblem(
    'source.unknownName',
    `${printable(path)} has a version that golang-migrate's table cannot hold: it has 64 bits.`,
    'Give it a smaller number.',
    { path },
  );

const nothingToApply = (path: string) =>
  sourceProblem(
    'source.downWithoutUp',
    `${printable(path)} has no up file beside it: golang-migrate counts such a version as applied without running anything.`,
    'Add the up file, or remove this one.',
    { path },
  );
