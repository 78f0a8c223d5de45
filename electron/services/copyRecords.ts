/** Copies and scratch databases that we made and have not removed yet: each has a file, written before it is made, that says whose it is. */
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { removeFile } from '../backups/sqlite/restore/files.ts';
import type { Context } from './context.ts';
import { isAlive, ownProcess } from './processLife.ts';

const recordFields = z.object({
  name: z.string().regex(/^lockkeeper_(?:copy_[0-9a-z]{16}|test_[0-9a-z]{26})$/),
  /** Of the account that made it, without a password; empty for a file. */
  url: z.string(),
  environmentId: z.string(),
  host: z.string(),
  process: z.string(),
  startedAt: z.string(),
});
export type CopyRecord = z.infer<typeof recordFields>;

/** 16 of the 26 signs of an ULID are random; MySQL's names of accounts have 32 signs at most. */
export const copyName = (ulid: string): string => `lockkeeper_copy_${ulid.toLowerCase().slice(-16)}`;

export const copiesFolder = ({ workspace }: Context): string => path.join(workspace.dataDirectory, 'copies');

/** SQLite's copies are files. */
export const copyFile = (context: Context, name: string): string => path.join(copiesFolder(context), `${name}.db`);

const recordFile = (context: Context, name: string): string => path.join(copiesFolder(context), `${name}.json`);

/** Is on the disk when this resolves. */
export async function writeCopyRecord(
  context: Context,
  about: Pick<CopyRecord, 'name' | 'url' | 'environmentId'>,
): Promise<void> {
  const record: CopyRecord = {
    ...about,
    host: context.host.hostName,
    process: ownProcess(),
    startedAt: new Date(context.clock.now()).toISOString(),
  };
  await mkdir(copiesFolder(context), { recursive: true, mode: 0o700 });
  await using file = await open(recordFile(context, record.name), 'wx', 0o600);
  await file.writeFile(JSON.stringify(record));
  await file.sync();
}

export async function removeCopyRecord(context: Context, name: string): Promise<void> {
  await removeFile(copyFile(context, name));
  await rm(recordFile(context, name), { force: true });
}

/** Of processes of this computer that do not run any more. */
export async function abandonedCopies(context: Context): Promise<CopyRecord[]> {
  const files = await readdir(copiesFolder(context)).catch(() => []);
  const found = await Promise.all(
    files.filter((file) => file.endsWith('.json')).map((file) => readRecord(path.join(copiesFolder(context), file))),
  );
  return found
    .filter((record) => record !== null)
    .filter(({ host, process }) => isAlive(context, host, process) === false);
}

/** Null: not one of ours; then it is left alone. */
async function readRecord(file: string): Promise<CopyRecord | null> {
  try {
    return recordFields.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
