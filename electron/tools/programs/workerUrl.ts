import { childEntry } from '../../engine/childEntry.ts';

/** The entry file of the process that a program runs in, in a folder of its own. */
export const workerUrl = childEntry(import.meta.url, './child/worker.ts', './program-worker.js');
