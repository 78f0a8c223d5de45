// Sorts the outcomes of a check: what is wrong with the archive is its result, what kept it from checking is thrown.
import type { Backup } from '../../../shared/model/backup.ts';
import { nothingChanged, type Problem, type ProblemCode, ProblemError } from '../../../shared/problem.ts';
import { damaged } from './damaged.ts';

const findings: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'backup.damaged',
  'backup.incomplete',
  'backup.notFound',
]);

/** Null when `check` returns. @throws {ProblemError} `backup.cancelled`, or what else `check` throws. */
export async function finding(
  backup: Backup,
  signal: AbortSignal,
  check: () => Promise<void>,
): Promise<Problem | null> {
  try {
    signal.throwIfAborted();
    await check();
    signal.throwIfAborted();
    return null;
  } catch (error) {
    if (signal.aborted) throw new ProblemError(cancelled, { cause: error });
    if (isDecompressionError(error)) return damaged(backup, 'it cannot be decompressed');
    if (error instanceof ProblemError && findings.has(error.problem.code)) return error.problem;
    throw error;
  }
}

export const isDecompressionError = (error: unknown): boolean =>
  error instanceof Error && /^(Z_|ZSTD_)/.test((error as NodeJS.ErrnoException).code ?? '');

const cancelled: Problem = {
  code: 'backup.cancelled',
  message: 'Checking the backup was cancelled.',
  state: nothingChanged,
  hint: 'The backup stays as it was; check it again when it suits.',
};
