/** What was begun in the folder of bundles and never ended: pieces of uploads that broke off, and what a crash left half written. */
import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../context.ts';
import { logger } from '../logger.ts';
import { bundlesFolder } from './bundleTarget.ts';

/** Milliseconds without a further byte; pieces come within seconds of each other, and other processes may be at it. */
const brokenAfterMs = 3_600_000;

/** Never rejects: what cannot be removed is told in the log, and stays. */
export async function removeBrokenUploads(context: Context): Promise<void> {
  const folder = bundlesFolder(context);
  try {
    for (const name of await namesIn(folder)) {
      const file = path.join(folder, name);
      if (name.startsWith('.') && (await isBroken(file, context.clock.now())))
        await rm(file, { recursive: true, force: true });
    }
  } catch (thrown) {
    logger.error(`Broken uploads in ${folder} could not be removed`, thrown);
  }
}

/** There is no folder before the first bundle. */
const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((thrown: unknown) => {
    if (isMissing(thrown)) return [];
    throw thrown;
  });

async function isBroken(file: string, now: number): Promise<boolean> {
  try {
    return (await lstat(file)).mtimeMs < now - brokenAfterMs;
  } catch (thrown) {
    // Ended, or removed by another process, since it was listed.
    if (isMissing(thrown)) return false;
    throw thrown;
  }
}

const isMissing = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
