/** Ends this process soon after the program that started it, even while a statement keeps the main thread busy. */
import { Worker } from 'node:worker_threads';

/** Milliseconds between two looks. */
const interval = 250;

/** Run by a thread of its own. When the parent dies its id changes, except on Windows, where signal 0 fails. */
const watch = `
  const parent = require('node:worker_threads').workerData;
  const isAlive = () => {
    try {
      return process.ppid === parent && process.kill(parent, 0);
    } catch (error) {
      return error.code === 'EPERM';
    }
  };
  setInterval(() => isAlive() || process.kill(process.pid, 'SIGKILL'), ${String(interval)});
`;

let watcher: Worker | null = null;

/** `parent`: process id. Begins once; without it an orphan would run a long statement to its end, holding the lock for nobody. */
export function watchParent(parent: number): void {
  if (watcher !== null) return;
  watcher = new Worker(watch, { eval: true, workerData: parent });
  watcher.unref();
}
