// A process that proves a backup, rehearses a plan or tries migrations, and dies by SIGKILL at the moment it was ordered to.
import { copyMakerFor } from '../../electron/backups/copies/copyMakers.ts';
import { compose } from '../../electron/compose.ts';
import type { Context } from '../../electron/services/context.ts';
import { startProof } from '../../electron/services/startBackup.ts';
import { testMigrations } from '../../electron/services/testMigrations.ts';
import type { EngineId } from '../../shared/model/environment.ts';
import { rehearsed } from '../rehearsal/support.ts';

/** `before` or `after` a method of the maker of copies; `loading`: as soon as something was loaded; `never`: it is killed. */
export type Moment =
  | `${'before' | 'after'} ${'makeLogin' | 'makeDatabase' | 'prepare' | 'remove'}`
  | 'loading'
  | 'never';

export interface Order {
  readonly dataDirectory: string;
  readonly engine: EngineId;
  /** The environment's id, and its password. */
  readonly environment: string;
  readonly password: string;
  /** To prove. */
  readonly backup: string;
  readonly work: 'prove' | 'rehearse' | 'test';
  readonly dieAt: Moment;
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
const { dieAt } = order;
const backend = await compose({ dataDirectory: order.dataDirectory, shell: 'commandLine' });
const { context } = backend;
await context.credentials.session.set(order.environment, order.password);

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('dead');
}

function hook(): void {
  const maker = copyMakerFor(order.engine);
  const [when, what] = dieAt.split(' ');
  if (maker === null || (what !== 'makeLogin' && what !== 'makeDatabase' && what !== 'prepare' && what !== 'remove'))
    return;
  const wrapped =
    <A extends unknown[], R>(method: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      // What a process before this one has left is removed by the same method, on the way to the copy.
      if (what === 'remove' && !made) return method(...args);
      if (when === 'before') die();
      await method(...args);
      return die();
    };
  let made = false;
  const { makeDatabase } = maker;
  maker.makeDatabase = async (request) => {
    await makeDatabase(request);
    made = true;
  };
  if (what === 'makeLogin') maker.makeLogin = wrapped(maker.makeLogin);
  if (what === 'makeDatabase') maker.makeDatabase = wrapped(maker.makeDatabase);
  if (what === 'prepare') maker.prepare = wrapped(maker.prepare);
  if (what === 'remove') maker.remove = wrapped(maker.remove);
}

async function dieWhenLoading(about: Context): Promise<void> {
  for await (const _ of about.changes.watch(new AbortController().signal)) {
    const [run] = about.runs.active();
    if (run === undefined) continue;
    for await (const record of about.runs.watch(run.id, 0, new AbortController().signal))
      if (record.type === 'restoreProgress') die();
  }
}

hook();
if (dieAt === 'loading') void dieWhenLoading(context);
const target = { kind: 'environment', nameOrId: order.environment } as const;
const say = (about: unknown) => process.stdout.write(JSON.stringify(about));
if (order.work === 'test') {
  const options = { version: null, signal: new AbortController().signal, onProgress: () => undefined };
  say(await testMigrations(context, target, options));
} else if (order.work === 'rehearse') {
  const nothing = async () => undefined;
  const { outcome, problem } = await rehearsed({ backend, folder: '', [Symbol.asyncDispose]: nothing }, target);
  say({ outcome, problem });
} else {
  const { outcome, problem } = await (await startProof(context, order.backup, target, [])).finished;
  say({ outcome, problem });
}
process.exit(0);
