/** Idle worker processes kept for a moment: starting one takes far longer than opening a file. */
import { WorkerProcess } from './workerProcess.ts';

const kept = 4;
/** Milliseconds. */
const idleFor = 3000;

const idle: WorkerProcess[] = [];

export function takeWorker(): WorkerProcess {
  for (let worker = idle.pop(); worker !== undefined; worker = idle.pop()) {
    if (!worker.isUsable) continue;
    worker.keepAlive(true);
    return worker;
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
  idle.push(worker);
  setTimeout(() => {
    const index = idle.indexOf(worker);
    if (index < 0) return;
    idle.splice(index, 1);
    worker.kill();
  }, idleFor).unref();
}
