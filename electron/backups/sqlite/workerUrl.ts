import { childEntry } from '../../engine/childEntry.ts';

/** The backup worker's entry file. */
export const workerUrl = childEntry(import.meta.url, './worker.ts', './sqlite-backup-worker.js');
