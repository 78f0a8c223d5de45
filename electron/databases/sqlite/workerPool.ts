/** Idle worker processes kept for a moment: starting one takes far longer than opening a file. */
import { WorkerProcess } from './workerProcess.ts';

const kept = 4;
/** Milliseconds. */
const idleFor = 3000;

/** With what will end each. */
const idle: { readonly worker: WorkerProcess; readonly end: NodeJS.Timeout }[] = [];

export function takeWorker(): WorkerProcess {
  for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
    clearTimeout(last.end);
    if (!last.worker.isUsable) continue;
    last.worker.keepAlive(true);
    return last.worker;
  }
  return new WorkerProcess();
}

/** Takes back a worker whose connection is closed. */
export function giveBack(worker: WorkerProcess): void {
  if (!worker.isUsable || idle.length >= kept) {
    worker.kill();
    return;
  }
  worker.keepAlive(false);
  const end = setTimeout(() => {
    const index = idle.findIndex((one) => one.worker === worker);
    if (index >= 0) idle.splice(index, 1);
    worker.kill();
  }, idleFor);
  idle.push({ worker, end: end.unref() });
}
