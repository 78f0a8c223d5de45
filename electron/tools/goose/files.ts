/** goose's migrations: one flat folder of `<number>_name.sql` and `.go`. */
import type { Migration, Script } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { textScript } from '../../engine/textScript.ts';
import { listFolder } from '../common/folder.ts';
import { printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { type ScannedFile, type Section, scanFile, scriptOf, wholeScript } from '../common/scan.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { compareNumbers, isInteger64 } from '../common/versions.ts';
import { readWholeText } from '../common/wholeText.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';
import { GooseParser } from './parser.ts';
import { prepared } from './substitution.ts';

/** The number is an int64 and greater than 0. */
export const fileName = /^0*([1-9]\d*)_(.*)\.(sql|go)$/s;

interface Reading {
  readonly root: string;
  readonly values: Readonly<Record<string, string>>;
  readonly findings: Findings;
}

export async function readGoose(root: string, options: ReadOptions): Promise<ReadResult> {
  const folder = await listFolder(root);
  const reading: Reading = { root, values: options.placeholders, findings: newFindings() };
  const { problems } = reading.findings;
  problems.push(...folder.problems);
  const migrations: Migration[] = [];
  for (const file of folder.files) {
    const [, version, name = '', type] = fileName.exec(file) ?? [];
    if (version !== undefined && isInteger64(version)) {
      if (type === 'sql') migrations.push(await fromSql(file, version, name, reading));
      else if (!name.endsWith('_test')) migrations.push(await fromGo(file, version, name, reading));
    } else if (file.endsWith('.sql')) problems.push(misnamed(file));
  }
  migrations.sort((a, b) => compareNumbers(a.version, b.version));
  const { kept, problems: duplicates } = withoutDuplicates(migrations, (migration) => migration.version);
  problems.push(...duplicates);
  return readResult(root, 'goose', kept, reading.findings);
}

const identity = (version: string, name: string) => ({
  version,
  historyKey: version,
  name,
  kind: 'versioned' as const,
  verify: null,
  checksum: null,
  metadata: {},
});

async function fromSql(path: string, version: string, name: string, reading: Reading): Promise<Migration> {
  const { root, findings } = reading;
  const parser = new GooseParser(path);
  const file = await scanFile(root, path, { mark: parser.mark, code: parser.code });
  if (file.problem !== null) findings.problems.push(file.problem);
  else if (file.startsWithMark) findings.problems.push(hiddenByMark(path));
  else {
    parser.finish();
    findings.problems.push(...parser.problems.slice(0, 1));
  }
  const section = (wanted: string) => file.sections.find(({ opens }) => opens === wanted);
  const [up, down] = [section('up'), section('down')];
  const script = (found: Section) => sectionScript(file, found, parser, reading);
  return {
    ...identity(version, name),
    // Without an Up section the file cannot run; the whole of it stands for the migration beside its Problem.
    up: up === undefined ? wholeScript(file) : await script(up),
    down: down === undefined ? null : await script(down),
    transaction: { up: parser.transaction, down: parser.transaction },
  };
}

async function sectionScript(
  file: ScannedFile,
  section: Section,
  parser: GooseParser,
  reading: Reading,
): Promise<Script> {
  const { root, values, findings } = reading;
  if (file.problem !== null || !(parser.substitutes || parser.unterminated > 0)) return scriptOf(file, section);
  const text = await readWholeText(
    root,
    file.path,
    'one with ENVSUB, or with statements that end without a semicolon, is held in memory',
  );
  if (typeof text !== 'string') {
    findings.problems.push(text);
    return scriptOf(file, section);
  }
  const own = Buffer.from(text).subarray(section.start, section.end).toString();
  const result = prepared(own, file.path, section.line, values);
  findings.problems.push(...result.problems);
  return textScript(file.path, result.text, section.line);
}

async function fromGo(path: string, version: string, name: string, { root, findings }: Reading): Promise<Migration> {
  const file = await scanFile(root, path);
  if (file.problem !== null) findings.problems.push(file.problem);
  return {
    ...identity(version, name),
    up: wholeScript(file),
    down: null,
    notRunnable: 'it is written in Go, and only the project’s own program, which it is compiled into, can run it.',
    transaction: { up: true, down: true },
  };
}

function misnamed(path: string): Problem {
  const message = `${printable(path)} does not begin with a number and an underscore: goose stops at it.`;
  const hint = 'Name it like 20260101120000_create_users.sql, or move it out of the folder.';
  return sourceProblem('source.unknownName', message, hint, { path });
}

function hiddenByMark(path: string): Problem {
  const message = `${printable(path)} begins with a byte-order mark, which hides its first annotation from goose.`;
  return sourceProblem('source.invalidSections', message, 'Save the file as UTF-8 without a byte-order mark.', {
    path,
    line: 1,
  });
}
