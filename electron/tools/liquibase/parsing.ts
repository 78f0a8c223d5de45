/** Limits of changelogs, and what is said of one that cannot be read. */
import type { Problem } from '../../../shared/problem.ts';
import { invalidMetadata } from '../common/json.ts';
import { printable, sourceProblem } from '../common/problems.ts';

export const treeLimits = {
  /** Of one file. More belongs into a file for `sqlFile` or into formatted SQL of its own. */
  bytes: 64 * 1024 * 1024,
  depth: 64,
  /** Files of one project: more are includes gone wrong. */
  files: 20_000,
} as const;

export const malformed = (
  path: string,
  format: string,
  what: string,
  place: { readonly line: number; readonly column: number },
): Problem =>
  invalidMetadata(
    path,
    `${printable(path)} is not valid ${format}: ${printable(what)}.`,
    'Correct the file at that place.',
    place,
  );

export const tooDeep = (path: string, line: number): Problem =>
  invalidMetadata(
    path,
    `${printable(path)} is nested deeper than ${treeLimits.depth} levels.`,
    'No changelog is: check where the file comes from.',
    { line },
  );

export const refused = (path: string, line: number, message: string, hint: string): Problem =>
  sourceProblem('source.invalidSections', message, hint, { path, line });
