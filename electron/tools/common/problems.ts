/** Problems that every tool's reader can find. */
import type { Migration } from '../../../shared/model/migration.ts';
import { nothingChanged, type Problem, type ProblemCode } from '../../../shared/problem.ts';

/** A Problem of the source: reading changes nothing. */
export function sourceProblem(
  code: ProblemCode,
  message: string,
  hint: string,
  place: { path?: string; line?: number; column?: number } = {},
): Problem {
  return { code, message, state: nothingChanged, hint, ...place };
}

/** A file's name as it may be shown: control characters, line breaks and direction marks made visible. */
export function printable(name: string): string {
  return name.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  );
}

export function notUtf8(path: string, line: number): Problem {
  const message = `${printable(path)} is not text in UTF-8: line ${line} holds bytes that mean nothing in it.`;
  return sourceProblem(
    'script.notUtf8',
    message,
    'Save the file as UTF-8 (it may be in Latin-1 or UTF-16 now), then check the characters of that line.',
    { path, line },
  );
}

/** We leave the mark out; their tool does not. */
export function byteOrderMark(path: string, tool: string): Problem {
  const message = `${printable(path)} begins with a byte-order mark, which ${tool} would send to the server as a part of the first statement.`;
  return sourceProblem('script.syntax', message, 'Save the file as UTF-8 without a byte-order mark.', {
    path,
    line: 1,
  });
}

export function downWithoutUp(path: string, missing: string): Problem {
  const message = `${printable(path)} rolls back a migration that has no up script.`;
  return sourceProblem('source.downWithoutUp', message, `Add ${printable(missing)}, or remove this file.`, { path });
}

/** Keeps the first migration of every identity; a Problem for each other one that claims the same. */
export function withoutDuplicates<M extends Migration>(
  migrations: readonly M[],
  identityOf: (migration: M) => string,
  what = 'version',
): { kept: M[]; problems: Problem[] } {
  const first = new Map<string, M>();
  const problems: Problem[] = [];
  for (const migration of migrations) {
    const other = first.get(identityOf(migration));
    if (other === undefined) {
      first.set(identityOf(migration), migration);
      continue;
    }
    const message = `${printable(migration.up.path)} and ${printable(other.up.path)} have the same ${what}, ${printable(identityOf(migration))}.`;
    const hint = `Give one of them another ${what}; keep the one that was already applied somewhere.`;
    problems.push(sourceProblem('source.duplicateVersion', message, hint, { path: migration.up.path }));
  }
  return { kept: [...first.values()], problems };
}
