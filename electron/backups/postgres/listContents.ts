// Reads the table of contents of an archive; needs only its beginning.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ObjectCounts } from '../../../shared/model/backup.ts';
import { nothingChanged, type Problem, ProblemError } from '../../../shared/problem.ts';
import { decompressed } from '../archive/compress.ts';
import { decrypted } from '../encryption/decrypt.ts';
import { callOf, type Ended, runProgram } from '../process/program.ts';
import type { DumpProgram } from '../programs.ts';
import { countEntries } from './contents.ts';

/** @throws {ProblemError} `backup.damaged` */
export function listContents(
  pgRestore: DumpProgram,
  archive: { readonly path: string; readonly encrypted: boolean },
  signal: AbortSignal,
): Promise<ObjectCounts> {
  const raw = createReadStream(archive.path);
  const source = archive.encrypted ? Readable.from(decrypted(raw, archive.path)) : raw;
  return countContents(pgRestore, decompressed(source, signal), signal);
}

/** Objects by kind in a decompressed archive. @throws {ProblemError} `backup.damaged` */
export async function countContents(
  pgRestore: DumpProgram,
  content: Readable,
  signal: AbortSignal,
): Promise<ObjectCounts> {
  return countEntries(await readList(pgRestore, content, signal));
}

/** The list that `pg_restore --use-list` takes. @throws {ProblemError} `backup.damaged` */
export async function readList(pgRestore: DumpProgram, content: Readable, signal: AbortSignal): Promise<string> {
  let list = '';
  const ended = await runProgram(callOf(pgRestore, ['--list']), signal, content, async (output) => {
    list = await text(output);
  });
  if (ended.exitCode !== 0) throw new ProblemError(unreadableArchive(ended));
  return list;
}

export const unreadableArchive = (ended: Ended): Problem => ({
  code: 'backup.damaged',
  message: `pg_restore cannot read the archive to its end (${ended.how}).`,
  state: nothingChanged,
  hint: 'Do not rely on this backup: take a new one.',
  serverMessage: ended.errorLines.join('\n'),
});
