/** Entry of the process that holds one SQLite connection at a time; it can be killed without harm at any moment. */
import { ServerFault } from '../../engine/ports.ts';
import { faultOf } from './faults.ts';
import { SqliteHost, UnitError } from './host.ts';
import { note } from './logbook.ts';
import { watchParent } from './parentWatch.ts';
import type { FromWorker, Replies, Request, ToWorker, UnitText } from './protocol.ts';

/** Given by it: asked for here, it could have died already. */
const parent = Number(process.argv[2]);

let host: SqliteHost | null = null;
const cancelled = new Set<number>();

const post = (message: FromWorker): void => {
  process.send?.(message);
};

function opened(): SqliteHost {
  if (host === null) throw new ServerFault('connectionLost', 'The session is closed.');
  return host;
}

async function send(id: number, units: readonly UnitText[]): Promise<Replies['send']> {
  return opened().send(units, {
    note: (what) => note(id, what),
    report: (results) => post({ type: 'progress', id, results }),
    notice: (severity, message) => post({ type: 'notice', id, severity, message }),
    isCancelled: () => cancelled.has(id),
  });
}

async function answer(id: number, request: Request): Promise<Replies[keyof Replies]> {
  switch (request.type) {
    case 'open':
      host = new SqliteHost(request, () => watchParent(parent));
      return host.facts;
    case 'send':
      return send(id, request.units);
    case 'query':
      return opened().query(request.sql, request.parameters);
    case 'attach':
      return opened().attach(request);
    case 'tryLock':
      return opened().lock.tryLock(request.name, request.holder);
    case 'unlock':
      opened().lock.unlock(request.name);
      return null;
    case 'lockInfo':
      return opened().lock.info();
    case 'close':
      opened().close();
      host = null;
      return null;
  }
}

process.on('message', (message: ToWorker) => {
  if (message.type === 'cancel') {
    cancelled.add(message.id);
    return;
  }
  const { id, request } = message;
  answer(id, request)
    .then(
      (reply) => post({ type: 'done', id, reply }),
      (error: unknown) =>
        post({
          type: 'failed',
          id,
          fault: error instanceof UnitError ? error.fault : faultOf(error),
          unit: error instanceof UnitError ? error.unit : null,
        }),
    )
    .finally(() => cancelled.clear());
});

// A key pressed in the terminal reaches every process of the program; only the first one decides what it means.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

// The program is gone: closing rolls an open transaction back, and the lock goes with the process.
process.on('disconnect', () => process.exit(0));

process.on('uncaughtException', (error) => {
  if (!process.connected || process.send === undefined) process.exit(1);
  const message: FromWorker = { type: 'crashed', message: error.message };
  process.send(message, () => process.exit(1));
});
