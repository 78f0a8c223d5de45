/** Guest Registration: `YYYYMMDD_HHMMSS_version_name.sql` with an up and a down part, as migrations.py reads it. */
import type { Migration, TextScript } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { textScript } from '../../engine/textScript.ts';
import { countNewlines } from '../common/blocks.ts';
import { listFolder } from '../common/folder.ts';
import { printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { readWholeText } from '../common/wholeText.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';
import { prefixOf, translate, writtenPrefix } from './translate.ts';

const upMark = '-- Up Migration';
const downMark = '-- Down Migration (Rollback)';
/** What `create` writes for want of a rollback; such a migration cannot be rolled back. */
export const noRollback = '-- No rollback available';

export async function readGuestRegistration(root: string, options: ReadOptions): Promise<ReadResult> {
  const folder = await listFolder(root);
  const findings = newFindings();
  findings.problems.push(...folder.problems);
  const prefix = prefixOf(options.historyTable?.name ?? null);
  if (prefix === null) findings.problems.push(noPrefix(options.historyTable?.name ?? ''));
  const rewrite = (sql: string) => translate(sql, prefix ?? writtenPrefix, options.engine === 'sqlite');
  const migrations: Migration[] = [];
  for (const file of folder.files.filter((name) => name.endsWith('.sql') && !name.startsWith('.'))) {
    if (namedParts(file) === null) findings.notices.push(passedOver(file));
    else migrations.push(await migrationOf(root, file, rewrite, findings));
  }
  const { kept, problems } = withoutDuplicates(
    migrations,
    (migration) => migration.historyKey,
    'version (the second part of the name)',
  );
  findings.problems.push(...problems);
  return readResult(root, 'guest-registration', kept, findings);
}

/** The second part is the version, whatever it is; the rest is the name. Null: the tool passes the file over. */
function namedParts(file: string): { version: string; name: string } | null {
  const [, version, ...rest] = file.replaceAll('.sql', '').split('_');
  return version === undefined || rest.length === 0 ? null : { version, name: rest.join('_') };
}

async function migrationOf(
  root: string,
  file: string,
  rewrite: (sql: string) => string,
  findings: Findings,
): Promise<Migration> {
  const { version, name } = namedParts(file) ?? { version: file, name: '' };
  const text = await textOf(root, file);
  const parts = typeof text === 'string' ? partsOf(text, file) : { problem: text };
  const common = {
    version,
    historyKey: version,
    name,
    kind: 'versioned',
    verify: null,
    transaction: { up: true, down: true },
    metadata: {},
  } as const;
  if ('problem' in parts) {
    findings.problems.push(parts.problem);
    return { ...common, up: script(file, { text: '', line: 1 }, rewrite), down: null, checksum: null };
  }
  const up = script(file, parts.up, rewrite);
  return { ...common, up, down: parts.down === null ? null : script(file, parts.down, rewrite), checksum: up.sha256 };
}

interface Part {
  readonly text: string;
  readonly line: number;
}

/** `_apply_migration_file`: split at the down mark, then at the first up mark; both parts stripped. */
function partsOf(text: string, path: string): { up: Part; down: Part | null } | { problem: Problem } {
  const downAt = text.indexOf(downMark);
  const beforeDown = downAt < 0 ? text : text.slice(0, downAt);
  const upAt = beforeDown.indexOf(upMark);
  if (upAt < 0) {
    const message = `${printable(path)} has no "${upMark}"${downAt < 0 ? '' : ` before "${downMark}"`}; the tool fails on it.`;
    return {
      problem: sourceProblem('source.invalidSections', message, 'Put that line before the statements to apply.', {
        path,
        line: 1,
      }),
    };
  }
  const up = stripped(text, upAt + upMark.length, beforeDown.length);
  if (downAt < 0) return { up, down: null };
  // What follows a second mark is never looked at.
  const secondDown = text.indexOf(downMark, downAt + downMark.length);
  const down = stripped(text, downAt + downMark.length, secondDown < 0 ? text.length : secondDown);
  return { up, down: down.text === '' || down.text === noRollback ? null : down };
}

function stripped(text: string, start: number, end: number): Part {
  const part = text.slice(start, end);
  const leading = part.length - part.trimStart().length;
  return { text: part.trim(), line: countNewlines(Buffer.from(text.slice(0, start + leading))) + 1 };
}

const script = (path: string, part: Part, rewrite: (sql: string) => string): TextScript =>
  textScript(path, rewrite(part.text), part.line);

/** As Python opens a text file: every line end LF. */
async function textOf(root: string, path: string): Promise<string | Problem> {
  const why = 'this tool keeps scripts in memory and rollbacks in its history table';
  const text = await readWholeText(root, path, why);
  return typeof text === 'string' ? text.replace(/\r\n?/g, '\n') : text;
}

function passedOver(file: string): Problem {
  const message = `${printable(file)} has fewer than three parts between underscores; the tool passes it over.`;
  return sourceProblem(
    'source.unknownName',
    message,
    'If it is a migration, name it like 20260101_120000_1.0.0_create_users.sql.',
    { path: file },
  );
}

function noPrefix(table: string): Problem {
  return sourceProblem(
    'database.historyTable',
    `The history table ${printable(table)} does not end in "migrations", so the prefix of the tables is unknown.`,
    'Name the table as <prefix>migrations, such as guest_reg_migrations.',
  );
}
