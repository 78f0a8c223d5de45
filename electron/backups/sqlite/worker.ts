// Entry of the worker thread that copies and checks SQLite files: SQLite blocks the thread it runs in.
import { parentPort, workerData } from 'node:worker_threads';
import { checkFile } from './checkFile.ts';
import { copySnapshot } from './copySnapshot.ts';
import type { Message, Task } from './protocol.ts';
import { contentOfFile } from './readContent.ts';

const post = (message: Message): void => parentPort?.postMessage(message);

const task = workerData as Task;
try {
  if (task.kind === 'copy') post(await copySnapshot(task, (bytes) => post({ kind: 'progress', bytes })));
  else if (task.kind === 'check') post({ kind: 'check', ...checkFile(task.file) });
  else post({ kind: 'content', ...contentOfFile(task.file, task.wanted) });
} catch (error) {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  post({ kind: 'failure', message: error instanceof Error ? error.message : String(error), code });
}
