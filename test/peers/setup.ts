// Vitest's global setup: one folder for all programs that a run installs, removed after it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PEERS_FOLDER } from './install.ts';

/** A folder that is given, to try something again and again, is used and kept. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env[PEERS_FOLDER] !== undefined) return async () => undefined;
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-peers-'));
  process.env[PEERS_FOLDER] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
