/** dbmate's migration files, as its parser takes and refuses them (pkg/dbmate/migration.go; versions 2.24 and 2.36). */
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { listFolder } from '../common/folder.ts';
import { printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { type Mark, type ScannedFile, type Section, scanFile, scriptOf, wholeScript } from '../common/scan.ts';
import { newFindings, readResult } from '../common/source.ts';
import type { ReadResult } from '../tool.ts';

/** pkg/dbmate/db.go: the leading digits are the version, as text; everything else is passed over. */
export const fileName = /^(\d+)(.*)\.sql$/s;

/** pkg/dbmate/migration.go: column 0 only, a blank or the line's end after it. */
const markLine = /^--\s*migrate:(up|down)(?:\s|$)/;

export function markOf(line: string): Mark | null {
  const direction = markLine.exec(line)?.[1];
  return direction === undefined ? null : { opens: direction };
}

export async function readDbmate(root: string): Promise<ReadResult> {
  const folder = await listFolder(root);
  const findings = newFindings();
  findings.problems.push(...folder.problems);
  const migrations: Migration[] = [];
  for (const name of folder.files) {
    const parts = fileName.exec(name);
    if (parts === null) {
      if (name.endsWith('.sql')) findings.notices.push(passedOver(name));
      continue;
    }
    const file = await scanFile(root, name, { mark: markOf, openingLineIncluded: true });
    const problem = problemOf(file);
    if (problem !== null) findings.problems.push(problem);
    migrations.push(migrationOf(file, parts[1] ?? '', parts[2] ?? ''));
  }
  const { kept, problems } = withoutDuplicates(migrations, (migration) => migration.historyKey);
  findings.problems.push(...problems);
  return readResult(root, 'dbmate', kept, findings);
}

function migrationOf(file: ScannedFile, version: string, rest: string): Migration {
  const up = file.sections.find((section) => section.opens === 'up') ?? null;
  const down = file.sections.find((section) => section.opens === 'down') ?? null;
  return {
    version,
    historyKey: version,
    name: rest.replace(/^[_-]/, ''),
    kind: 'versioned',
    // Without an up block the file cannot run; what is before its first block stands for the migration beside its Problem.
    up: up === null ? wholeScript(file) : scriptOf(file, up),
    down: down === null ? null : scriptOf(file, down),
    verify: null,
    checksum: null,
    transaction: { up: inTransaction(up), down: inTransaction(down) },
    metadata: {},
  };
}

/** parseMigrationOptions: pairs `key:value` on the marker's line, the last of a key counts. */
function inTransaction(section: Section | null): boolean {
  const pairs = (section?.opening?.text ?? '')
    .split(/\s+/)
    .map((word) => word.split(':'))
    .filter((pair) => pair.length === 2);
  return pairs.findLast(([key]) => key === 'transaction')?.[1] !== 'false';
}

/**
 * The refusals of dbmate's parser, in its order. Several pairs in one file are refused too: 2.36 fails half-way in it, and
 * older versions run the second pair as part of the rollback.
 */
function problemOf(file: ScannedFile): Problem | null {
  if (file.problem !== null) return file.problem;
  const [before, ...blocks] = file.sections;
  const name = printable(file.path);
  const refuse = (message: string, hint: string, line: number) =>
    sourceProblem('source.invalidSections', message, hint, { path: file.path, line });
  const ups = blocks.filter((block) => block.opens === 'up');
  const first = ups[0];
  if (file.startsWithMark) {
    return refuse(
      `${name} begins with a byte-order mark, which hides its first marker from dbmate.`,
      'Save the file as UTF-8 without a byte-order mark.',
      1,
    );
  }
  if (first === undefined)
    return refuse(
      `${name} has no block that begins with "-- migrate:up".`,
      'Put that line, from its first column, before the statements.',
      1,
    );
  if (typeof before?.firstCode === 'number' || blocks[0]?.opens === 'down') {
    const line = before?.firstCode ?? blocks[0]?.opening?.line ?? 1;
    return refuse(
      `${name} has statements or a down block before "-- migrate:up"; dbmate refuses that.`,
      'Move them into the up block, or the down block after it.',
      line,
    );
  }
  if (blocks[1]?.opens !== 'down') {
    return refuse(
      `${name} has no block "-- migrate:down" after "-- migrate:up".`,
      'Add that line at the end; the block may be empty.',
      blocks[1]?.opening?.line ?? first.line,
    );
  }
  const third = blocks[2];
  if (third !== undefined) {
    return refuse(
      `${name} has more than one up and one down block, which versions of dbmate understand differently.`,
      'Put each pair into a file of its own.',
      third.opening?.line ?? third.line,
    );
  }
  return null;
}

function passedOver(name: string): Problem {
  return sourceProblem(
    'source.unknownName',
    `${printable(name)} does not begin with digits: dbmate passes it over.`,
    'If it is a migration, put a version before its name.',
    { path: name },
  );
}
