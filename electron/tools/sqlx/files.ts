/** sqlx's migrations: one flat folder of `<number>_name.sql`, or `.up.sql` with `.down.sql` (sqlx-core/src/migrate/source.rs). */
import { createHash } from 'node:crypto';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { headOf } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { groupByBase } from '../common/pairs.ts';
import { downWithoutUp, printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { type Digest, type ScannedFile, scanFile, wholeScript } from '../common/scan.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { compareNumbers, isInteger64 } from '../common/versions.ts';
import type { ReadResult } from '../tool.ts';
import { readSettings, type SqlxSettings } from './settings.ts';

/** Everything up to the first underscore has to be a number. */
export const fileName = /^([^_]*)_(.*?)(?:\.(up|down))?\.sql$/s;

export async function readSqlx(root: string): Promise<ReadResult> {
  const findings = newFindings();
  const settings = await readSettings(root, findings.problems);
  const folder = await listFolder(root, settings.folder);
  findings.problems.push(...folder.problems);
  const migrations: Migration[] = [];
  for (const [base, { simple, up = simple, down }] of groupByBase(folder.files, roleOf)) {
    const problem = numberProblem(up ?? down ?? base);
    if (problem !== null) findings.problems.push(problem);
    else if (up === undefined) findings.problems.push(downWithoutUp(down ?? base, `${base}.up.sql`));
    else migrations.push(await migrationOf(root, up, down ?? null, settings, findings));
    if (simple !== undefined && up !== simple) findings.problems.push(twice(simple, up ?? simple));
  }
  migrations.sort((a, b) => compareNumbers(a.version, b.version));
  const { kept, problems } = withoutDuplicates(migrations, (migration) => migration.version);
  findings.problems.push(...problems);
  const result = readResult(root, 'sqlx', kept, findings);
  return settings.table === null ? result : { ...result, historyTable: tableOf(settings.table) };
}

function roleOf(file: string): { base: string; role: string } | null {
  const [, number, name, direction = 'simple'] = fileName.exec(file) ?? [];
  return number === undefined ? null : { base: `${number}_${name ?? ''}`, role: direction };
}

function tableOf(name: string) {
  const dot = name.indexOf('.');
  return { schema: dot < 0 ? null : name.slice(0, dot), name: name.slice(dot + 1) };
}

async function migrationOf(
  root: string,
  upName: string,
  downName: string | null,
  { folder, ignoredCharacters }: SqlxSettings,
  findings: Findings,
): Promise<Migration> {
  const [, number = '', name = ''] = fileName.exec(upName) ?? [];
  const place = (file: string) => (folder === '' ? file : `${folder}/${file}`);
  const read = async (file: string): Promise<ScannedFile> => {
    const scanned = await scanFile(root, place(file), { digest: new Sha384(ignoredCharacters) });
    if (scanned.problem !== null) findings.problems.push(scanned.problem);
    else if (scanned.startsWithMark) findings.problems.push(withMark(scanned.path));
    return scanned;
  };
  const up = await read(upName);
  const down = downName === null ? null : await read(downName);
  const version = String(BigInt(number));
  return {
    version,
    historyKey: version,
    name: name.replaceAll('_', ' '),
    kind: 'versioned',
    up: wholeScript(up),
    down: down === null ? null : wholeScript(down),
    verify: null,
    checksum: up.digest,
    transaction: { up: await inTransaction(root, up), down: down === null || (await inTransaction(root, down)) },
    metadata: {},
  };
}

/** The file's very first bytes say it, no blank or byte-order mark before them. */
const inTransaction = async (root: string, { path }: ScannedFile): Promise<boolean> =>
  (await headOf(root, path))?.startsWith('-- no-transaction') !== true;

/** SHA-384, lower-case hex, of the file's bytes without the ignored characters. */
class Sha384 implements Digest {
  readonly #hash = createHash('sha384');
  readonly #ignored: readonly string[];

  constructor(ignored: readonly string[]) {
    this.#ignored = ignored;
  }

  update(bytes: Buffer): void {
    if (this.#ignored.length === 0) this.#hash.update(bytes);
    else this.#hash.update(this.#ignored.reduce((text, one) => text.replaceAll(one, ''), bytes.toString('utf8')));
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

function numberProblem(path: string): Problem | null {
  const number = fileName.exec(path)?.[1] ?? '';
  if (isInteger64(number)) return null;
  const message = `${printable(path)} does not begin with a whole number before its first underscore: sqlx stops at it.`;
  const hint = 'Name it like 20260101120000_create_users.sql, or move it out of the folder.';
  return sourceProblem('source.unknownName', message, hint, { path });
}

function twice(simple: string, other: string): Problem {
  const message = `${printable(simple)} and ${printable(other)} are one version.`;
  return sourceProblem('source.duplicateVersion', message, 'Keep the one that was already applied somewhere.', {
    path: simple,
  });
}

/** It is sent to the server, which refuses it on most engines; it is part of the checksum. */
function withMark(path: string): Problem {
  const message = `${printable(path)} begins with a byte-order mark, which sqlx sends to the server.`;
  const hint = 'Save it as UTF-8 without one; where it is applied already, its checksum changes with that.';
  return sourceProblem('source.invalidSections', message, hint, { path, line: 1 });
}
