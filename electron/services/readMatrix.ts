/** Environments × migrations: what is known of them at once, what changes, and what a reading finds. Writes to no database. */
import type { Environment } from '../../shared/model/environment.ts';
import type { KnownColumn, MatrixColumn, MatrixEvent } from '../../shared/model/matrix.ts';
import { ProblemError } from '../../shared/problem.ts';
import { withRun } from '../engine/matrix.ts';
import { ServerFault } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { driftOf } from './findDrift.ts';
import { type Folders, readOnce } from './folders.ts';
import { inTurn } from './inTurn.ts';
import { lastKnown, rememberDrift } from './lastKnown.ts';
import { logger } from './logger.ts';
import { createQueue, type Queue } from './queue.ts';
import { readStatus } from './readStatus.ts';

/** Sessions open at once: many for a workspace of hundreds, few for the computer that they are opened from. */
const readersAtOnce = 6;
/** Milliseconds between two looks at the runs that go on. */
const runsEveryMs = 250;

export interface MatrixWanted {
  /** In the order in which they are to be read; null: all. */
  readonly environmentIds: readonly string[] | null;
  /** Milliseconds: what was read no longer ago is not read again. */
  readonly maxAgeMs: number;
}

/** What is known of all environments, then whatever changes of it. Connects to none, except after a run. */
export async function* watchMatrix(context: Context, signal: AbortSignal): AsyncGenerator<MatrixEvent> {
  using ending = endWith(signal);
  const teller = new Teller(context);
  const changed = createQueue<string | null>(ending.signal);
  const runs = setInterval(() => pushActive(context, changed), runsEveryMs);
  try {
    follow(context, changed, ending.signal).catch(logUnexpected);
    yield* teller.tell(context.workspace.environments.list());
    for await (const id of changed.drain()) yield* teller.tell(environmentsOf(context, id === null ? null : [id]));
  } finally {
    clearInterval(runs);
  }
}

/** Reads environments now, several at once, and tells each when it is read. What cannot be read is told with its problem. */
export async function* refreshMatrix(
  context: Context,
  { environmentIds, maxAgeMs }: MatrixWanted,
  signal: AbortSignal,
): AsyncGenerator<MatrixEvent> {
  using ending = endWith(signal);
  const wanted = environmentsOf(context, environmentIds).filter(
    (one) => isReadable(one) && isOlder(context, one, maxAgeMs),
  );
  const teller = new Teller(context);
  const folders = readOnce();
  const read = createQueue<Environment>(ending.signal);
  inTurn(wanted, readersAtOnce, ending.signal, async (environment) => {
    await readColumn(context, environment, folders);
    read.push(environment);
  })
    .catch(logUnexpected)
    .finally(() => read.end());
  let done = 0;
  yield { type: 'progress', done, total: wanted.length };
  for await (const environment of read.drain()) {
    done += 1;
    yield* teller.tell([environment]);
    yield { type: 'progress', done, total: wanted.length };
  }
}

/** One reading of one environment: its status, and its schema where one was recorded. A failure is remembered, and told with the column. */
async function readColumn(context: Context, environment: Environment, folders: Folders): Promise<void> {
  const request = { kind: 'environment', nameOrId: environment.id } as const;
  await readStatus(context, request, {
    folders,
    async alsoAsk(target, source, session) {
      // Nothing recorded is nothing to compare: the catalogue is not read for it.
      if (context.workspace.snapshots.last(session.identity.id) === null) {
        rememberDrift(context, target, { changes: null, readAt: new Date(context.clock.now()).toISOString() });
        return;
      }
      // Where the schema cannot be read, as while somebody changes a table, what was known of it stays with its time.
      await driftOf(context, target, source, session).catch(logUnexpected);
    },
  }).catch(logUnexpected);
}

function logUnexpected(thrown: unknown): void {
  if (!(thrown instanceof ProblemError || thrown instanceof ServerFault))
    logger.error('The matrix could not be read as a whole', thrown);
}

/** Which columns may differ from what was told: null is all. */
async function follow(context: Context, changed: Queue<string | null>, signal: AbortSignal): Promise<void> {
  for await (const { kind, environmentId } of context.changes.watch(signal)) {
    if (kind === 'environments') changed.push(environmentId);
    if (kind === 'runs' && environmentId !== null) {
      changed.push(environmentId);
      if (activeRun(context, environmentId) === undefined)
        readAfterRun(context, environmentId, changed).catch(logUnexpected);
    }
  }
}

async function readAfterRun(context: Context, id: string, changed: Queue<string | null>): Promise<void> {
  const [environment] = environmentsOf(context, [id]);
  if (environment === undefined || !isReadable(environment)) return;
  await readColumn(context, environment, readOnce());
  changed.push(id);
}

function pushActive(context: Context, changed: Queue<string | null>): void {
  for (const { environmentId } of context.runs.active()) if (environmentId !== null) changed.push(environmentId);
}

const activeRun = (context: Context, environmentId: string) =>
  context.runs.active().find((run) => run.environmentId === environmentId && run.outcome === null);

function environmentsOf(context: Context, ids: readonly string[] | null): readonly Environment[] {
  const { environments } = context.workspace;
  return ids === null ? environments.list() : ids.flatMap((id) => environments.find(id) ?? []);
}

const isReadable = ({ source }: Environment): boolean => source !== null;

function isOlder(context: Context, { id }: Environment, maxAgeMs: number): boolean {
  const { columns } = context.workspace;
  const read = [columns.get(id)?.readAt, columns.drift(id)?.readAt];
  if (lastKnown(context, id)?.problem != null) return true;
  return read.some((at) => at === undefined || context.clock.now() - Date.parse(at) > maxAgeMs);
}

/** Tells columns to one reader: lists before they are named, and nothing that it has been told already. */
class Teller {
  readonly #context: Context;
  readonly #lists = new Set<string>();
  readonly #columns = new Map<string, string>();

  constructor(context: Context) {
    this.#context = context;
  }

  *tell(environments: readonly Environment[]): Generator<MatrixEvent> {
    const columns = environments.map(({ id }) => columnOf(this.#context, id)).filter((column) => this.#isNew(column));
    if (columns.length === 0) return;
    for (const { known } of columns) if (known !== null) yield* this.#listOf(known);
    yield { type: 'columns', columns };
  }

  *#listOf({ list: id }: KnownColumn): Generator<MatrixEvent> {
    if (this.#lists.has(id)) return;
    const list = this.#context.workspace.columns.list(id);
    if (list === null) return;
    this.#lists.add(id);
    yield { type: 'list', list };
  }

  #isNew(column: MatrixColumn): boolean {
    const text = JSON.stringify(column);
    if (this.#columns.get(column.environmentId) === text) return false;
    this.#columns.set(column.environmentId, text);
    return true;
  }
}

export function columnOf(context: Context, environmentId: string): MatrixColumn {
  const { columns } = context.workspace;
  const known = columns.get(environmentId);
  const run = activeRun(context, environmentId);
  const list = known === null || run === undefined ? null : columns.list(known.list);
  return {
    environmentId,
    known: known === null || run === undefined || list === null ? known : withRun(known, list, run),
    drift: columns.drift(environmentId),
    problem: lastKnown(context, environmentId)?.problem ?? null,
    run: run?.id ?? null,
  };
}

/** A signal that ends with another one, and with its block. */
function endWith(signal: AbortSignal): { readonly signal: AbortSignal } & Disposable {
  const ending = new AbortController();
  return { signal: AbortSignal.any([signal, ending.signal]), [Symbol.dispose]: () => ending.abort() };
}
