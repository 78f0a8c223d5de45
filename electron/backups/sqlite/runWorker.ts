import { Worker } from 'node:worker_threads';
import type { Failure, Message, Task } from './protocol.ts';
import { workerUrl } from './workerUrl.ts';

/** SQLite or the system refused. `code`: see `Failure`. */
export class WorkerFailure extends Error {
  readonly code: string | null;

  constructor(failure: Omit<Failure, 'kind'>) {
    super(failure.message);
    this.name = 'WorkerFailure';
    this.code = failure.code;
  }
}

type Result<K extends Task['kind']> = Extract<Message, { kind: K }>;

/** Runs one task in a worker of its own. Cancelling ends the worker. @throws {WorkerFailure} */
export async function runWorker<K extends Task['kind']>(
  task: Task & { kind: K },
  signal: AbortSignal,
  progress: (bytes: number) => void,
): Promise<Result<K>> {
  signal.throwIfAborted();
  const worker = new Worker(workerUrl, { workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<Result<K>>();
  worker.on('message', (message: Message) => {
    if (message.kind === 'progress') progress(message.bytes);
    else if (message.kind === 'failure') reject(new WorkerFailure(message));
    else resolve(message as Result<K>);
  });
  worker.once('error', reject);
  worker.once('exit', (code) =>
    reject(new WorkerFailure({ message: `The worker ended with code ${code}.`, code: null })),
  );
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    // Its files are closed only when it is gone.
    await worker.terminate();
  }
}
