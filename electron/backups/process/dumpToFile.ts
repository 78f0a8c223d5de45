// One dump program's output into one archive file: progress, cancelling, and every way the pipe between them can break.
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { fromDisk } from '../archive/diskProblem.ts';
import type { PartialFile } from '../archive/partialFile.ts';
import { type WrittenArchive, writeArchive } from '../archive/writeArchive.ts';
import type { BackupProgress, BackupRequest } from '../backupTaker.ts';
import { type Ended, type ProgramCall, startProgram } from './program.ts';
import { Throttle } from './throttle.ts';

export interface DumpOptions {
  readonly request: Pick<BackupRequest, 'folder' | 'compression' | 'key'>;
  readonly progress: BackupProgress;
  readonly signal: AbortSignal;
  /** Sees the dump before compression; must be cheap. */
  observe(piece: Buffer): void;
  /** Sees each line of the program's error output. */
  errorLine(line: string): void;
  /** Table under way. */
  current(): string | null;
  /** The program has connected: it needs its password no more. */
  connected(): void;
  /** Why the program failed. */
  explain(ended: Ended): Problem;
}

/** @throws {ProblemError} */
export async function dumpToFile(call: ProgramCall, file: PartialFile, options: DumpOptions): Promise<WrittenArchive> {
  const program = startProgram(call, (line) => options.errorLine(line));
  program.input.end();
  const throttle = new Throttle(options.progress);
  let bytes = 0;
  const observe = (piece: Buffer) => {
    if (bytes === 0) options.connected();
    bytes += piece.length;
    options.observe(piece);
    throttle.tell(bytes, options.current());
  };
  let written: WrittenArchive | undefined;
  let failure: unknown;
  try {
    written = await writeArchive(program.output, file, options.request, observe, options.signal);
  } catch (error) {
    failure = fromDisk(error, options.request.folder);
    await program.stop();
  }
  const ended = await program.ended;
  throttle.flush();
  options.signal.throwIfAborted();
  // Where the disk is full the program's own failure is but a consequence.
  if (failure instanceof ProblemError) throw failure;
  if (ended.exitCode !== 0) throw new ProblemError(options.explain(ended), { cause: failure });
  if (written === undefined) throw failure;
  return written;
}
