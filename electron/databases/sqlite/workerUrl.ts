import { childEntry } from '../../engine/childEntry.ts';

/** The entry file of the process that holds a SQLite connection. */
export const workerUrl = childEntry(import.meta.url, './worker.ts', './sqlite-worker.js');
