/** postgrator's files (postgrator.js): `001.do.name.sql` and `001.undo.name.sql`, or programs that yield the SQL. */
import type { Migration, Script } from '../../../shared/model/migration.ts';
import { LineEndHashes } from '../common/checksum.ts';
import { walkFolder } from '../common/folder.ts';
import { byteOrderMark, downWithoutUp, printable, sourceProblem } from '../common/problems.ts';
import { scanFile, wholeScript } from '../common/scan.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { compareNumbers } from '../common/versions.ts';
import type { ReadResult } from '../tool.ts';

export const fileName = /^(?:.*\/)?(\d+)\.(do|undo)(?:\.(.*))?\.(sql|js|mjs|cjs|ts)$/s;

interface Pair {
  readonly do?: string;
  readonly undo?: string;
}

export async function readPostgrator(root: string): Promise<ReadResult> {
  const folder = await walkFolder(root);
  const findings = newFindings();
  findings.problems.push(...folder.problems);
  const pairs = new Map<string, Pair>();
  for (const path of folder.files) {
    const [, digits, action] = fileName.exec(path) ?? [];
    if (digits === undefined || (action !== 'do' && action !== 'undo')) {
      if (path.endsWith('.sql')) findings.notices.push(passedOver(path));
      continue;
    }
    const version = String(BigInt(digits));
    const pair = pairs.get(version) ?? {};
    const other = pair[action];
    if (other === undefined) pairs.set(version, { ...pair, [action]: path });
    else findings.problems.push(duplicate(path, other, version, action));
  }
  const migrations: Migration[] = [];
  for (const version of [...pairs.keys()].sort(compareNumbers)) {
    const pair = pairs.get(version) ?? {};
    if (pair.do === undefined) findings.problems.push(downWithoutUp(pair.undo ?? '', `${version}.do.sql`));
    else migrations.push(await migrationOf(root, version, pair.do, pair.undo ?? null, findings));
  }
  return readResult(root, 'postgrator', migrations, findings);
}

async function migrationOf(
  root: string,
  version: string,
  path: string,
  undo: string | null,
  findings: Findings,
): Promise<Migration> {
  const hashes = new LineEndHashes('md5');
  const up = await scriptOf(root, path, findings, hashes);
  const down = undo === null ? null : await scriptOf(root, undo, findings);
  const [checksum, ...otherChecksums] = hashes.digests();
  const program = [path, ...(undo === null ? [] : [undo])].find((file) => !file.endsWith('.sql'));
  return {
    version,
    historyKey: version,
    // Only what stands between the second and the third dot.
    name: fileName.exec(path)?.[3]?.split('.')[0] ?? '',
    kind: 'versioned',
    up,
    down,
    verify: null,
    checksum: path.endsWith('.sql') ? checksum : null,
    otherChecksums,
    ...(program === undefined ? {} : { notRunnable: `${printable(program)} is a program that yields its SQL.` }),
    transaction: { up: true, down: true },
    metadata: {},
  };
}

async function scriptOf(root: string, path: string, findings: Findings, digest?: LineEndHashes): Promise<Script> {
  const file = await scanFile(root, path, digest === undefined ? {} : { digest });
  if (file.problem !== null) findings.problems.push(file.problem);
  if (file.startsWithMark) findings.notices.push(byteOrderMark(path, 'postgrator'));
  return wholeScript(file);
}

const passedOver = (path: string) =>
  sourceProblem(
    'source.unknownName',
    `${printable(path)} is not named as postgrator names migrations, and is passed over.`,
    'If it is a migration, name it like 004.do.add_users.sql.',
    { path },
  );

const duplicate = (path: string, other: string, version: string, action: string) =>
  sourceProblem(
    'source.duplicateVersion',
    `${printable(path)} and ${printable(other)} are both the ${action} file of version ${version}; postgrator refuses that.`,
    'Give one of them another version; keep the one that was already applied somewhere.',
    { path },
  );
