/** Prisma Migrate's folder: `<name>/migration.sql` for each migration, beside `migration_lock.toml` (migrations_directory.rs). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { LineEndHashes } from '../common/checksum.ts';
import { listFolder } from '../common/folder.ts';
import { byteOrderMark, printable, sourceProblem } from '../common/problems.ts';
import { scanFile, wholeScript } from '../common/scan.ts';
import { readTomlFile, settingText } from '../common/settingsFile.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';

export const lockFile = 'migration_lock.toml';
export const scriptFile = 'migration.sql';
/** Prisma has no way back of its own; its guide has teams keep one in this file. */
const downFile = 'down.sql';

export async function readPrisma(root: string, { engine }: ReadOptions): Promise<ReadResult> {
  const folder = await listFolder(root);
  const findings = newFindings();
  findings.problems.push(...folder.problems, ...(await otherProvider(root, engine, findings)));
  const migrations: Migration[] = [];
  for (const name of folder.folders) {
    const { files } = await listFolder(root, name);
    if (files.includes(scriptFile)) migrations.push(await migrationOf(root, name, files, findings));
    else findings.problems.push(withoutScript(name));
  }
  const read = readResult(root, 'prisma', migrations, findings);
  return engine === 'sqlite' ? { ...read, rules: { ownLock: null } } : read;
}

async function migrationOf(
  root: string,
  name: string,
  files: readonly string[],
  findings: Findings,
): Promise<Migration> {
  const hashes = new LineEndHashes('sha256');
  const up = await scanFile(root, `${name}/${scriptFile}`, { digest: hashes });
  const down = files.includes(downFile) ? await scanFile(root, `${name}/${downFile}`) : null;
  for (const file of [up, down]) {
    if (file?.problem) findings.problems.push(file.problem);
    if (file?.startsWithMark) findings.notices.push(byteOrderMark(file.path, 'Prisma'));
  }
  const [checksum, ...others] = hashes.digests();
  return {
    version: name,
    historyKey: name,
    name: name.replace(/^\d+_/, ''),
    kind: 'versioned',
    up: wholeScript(up),
    down: down === null ? null : wholeScript(down),
    verify: null,
    checksum,
    otherChecksums: [...others, ...[checksum, ...others].map(withoutPadding)],
    transaction: { up: true, down: true },
    metadata: {},
  };
}

/** Its first versions wrote each byte without the leading zero (checksum.rs). */
const withoutPadding = (hex: string): string => hex.replaceAll(/../g, (byte) => byte.replace(/^0/, ''));

const providers: Readonly<Record<string, EngineId>> = { postgresql: 'postgres', mysql: 'mysql', sqlite: 'sqlite' };

/** Prisma refuses a database of another kind (P3019). */
async function otherProvider(root: string, engine: EngineId | null, { problems }: Findings): Promise<Problem[]> {
  const provider = settingText((await readTomlFile(root, lockFile, problems))?.['provider']);
  if (provider === null || engine === null || providers[provider] === engine) return [];
  return [
    sourceProblem(
      'source.unsupported',
      `${lockFile} says that these migrations are for ${printable(provider)}, which this database is not.`,
      'Choose the folder of this database’s own migrations.',
      { path: lockFile },
    ),
  ];
}

/** Prisma refuses it, too (P3015). */
const withoutScript = (name: string): Problem =>
  sourceProblem(
    'source.unknownName',
    `The folder ${printable(name)} has no ${scriptFile}, without which Prisma does not go on.`,
    'Get the file back from version control, or remove the folder.',
    { path: name },
  );
