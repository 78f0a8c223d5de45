/** A `.sql` migration of node-pg-migrate: two markers, found by its expressions (src/sqlMigration.ts). */
import type { FileScript } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { byteOrderMark, printable, sourceProblem } from '../common/problems.ts';
import { type Mark, type ScannedFile, type Section, scanFile, scriptOf, wholeScript } from '../common/scan.ts';

export interface SqlFile {
  readonly up: FileScript;
  /** Null: its author gave no way back. */
  readonly down: FileScript | null;
  readonly problems: readonly Problem[];
  readonly notices: readonly Problem[];
}

const markLine = /^\s*--[\s-]*(up|down)\s+migration/i;

/** `up` or `down`; null for a line that is no marker. */
export const directionOf = (line: string): string | null => markLine.exec(line)?.[1]?.toLowerCase() ?? null;

export async function readSqlFile(root: string, path: string): Promise<SqlFile> {
  // Only the first marker of each direction counts.
  const seen = new Set<string>();
  const mark = (line: string): Mark | null => {
    const direction = directionOf(line);
    if (direction === null || seen.has(direction)) return null;
    seen.add(direction);
    return { opens: direction };
  };
  const file = await scanFile(root, path, { mark, openingLineIncluded: true });
  if (file.problem !== null) return { up: wholeScript(file), down: null, problems: [file.problem], notices: [] };
  const [before, ...sections] = file.sections;
  const [up, down] = ['up', 'down'].map((name) => sections.find((section) => section.opens === name) ?? null);
  return {
    up: up === null || up === undefined ? wholeScript(file) : scriptOf(file, up),
    down: down === null || down === undefined ? null : scriptOf(file, down),
    problems: problemsOf(file, before, up ?? null, down ?? null),
    notices: file.startsWithMark ? [byteOrderMark(path, 'node-pg-migrate')] : [],
  };
}

function problemsOf(file: ScannedFile, before: Section, up: Section | null, down: Section | null): Problem[] {
  const name = printable(file.path);
  if (up === null && down !== null)
    return [
      sourceProblem(
        'source.invalidSections',
        `${name} has a line "-- Down Migration" but none "-- Up Migration": node-pg-migrate would run all of it, the way back included, as the way up.`,
        'Put "-- Up Migration" before the statements to apply.',
        { path: file.path, line: down.opening?.line ?? 1 },
      ),
    ];
  if ((up !== null || down !== null) && before.firstCode !== null)
    return [
      sourceProblem(
        'source.invalidSections',
        `${name} has statements before its first marker; node-pg-migrate never runs them.`,
        'Move them after the marker.',
        { path: file.path, line: before.firstCode },
      ),
    ];
  return [];
}
