// Reads the table of contents of an archive; needs only its beginning.
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ObjectCounts } from '../../../shared/model/backup.ts';
import { nothingChanged, type Problem, ProblemError } from '../../../shared/problem.ts';
import { decompressed } from '../archive/compress.ts';
import { type Ended, runProgram } from '../process/program.ts';
import { countEntries } from './contents.ts';

/** @throws {ProblemError} `backup.damaged` */
export const listContents = (pgRestore: string, archive: string, signal: AbortSignal): Promise<ObjectCounts> =>
  countContents(pgRestore, decompressed(createReadStream(archive), signal), signal);

/** Objects by kind in a decompressed archive. @throws {ProblemError} `backup.damaged` */
export async function countContents(pgRestore: string, content: Readable, signal: AbortSignal): Promise<ObjectCounts> {
  let list = '';
  const ended = await runProgram(
    { path: pgRestore, arguments: ['--list'], environment: {}, password: null },
    signal,
    content,
    async (output) => {
      list = await text(output);
    },
  );
  if (ended.exitCode !== 0) throw new ProblemError(unreadableArchive(ended));
  return countEntries(list);
}

export const unreadableArchive = (ended: Ended): Problem => ({
  code: 'backup.damaged',
  message: `pg_restore cannot read the archive to its end (${ended.how}).`,
  state: nothingChanged,
  hint: 'Do not rely on this backup: take a new one.',
  serverMessage: ended.errorLines.join('\n'),
});
