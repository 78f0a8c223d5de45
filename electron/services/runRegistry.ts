/** Runs belong to the backend, not to a window: they go on, are watched, left and found again here. */
import type { Environment } from '../../shared/model/environment.ts';
import { reduceRun, runFromRecords } from '../../shared/model/reduceRun.ts';
import type { Run, RunEvent, RunOrigin, RunRecord } from '../../shared/model/run.ts';
import type { EnvironmentSettings } from '../../shared/model/settings.ts';
import { raise } from '../../shared/problem.ts';
import type { Clock } from '../engine/ports.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { ChangeFeed } from './changeFeed.ts';
import { logger } from './logger.ts';
import { createQueue } from './queue.ts';
import { redactEvent } from './redact.ts';
import { settingsOf } from './settingsOf.ts';

/** Result sets and notices kept of one run; the rest is only counted. */
const keptDetails = 2_000;

export interface LiveRun {
  readonly id: string;
  readonly signal: AbortSignal;
  emit(event: RunEvent): void;
  run(): Run;
}

export interface RunRegistry {
  /** Starts `work` in the background; it must end with `runFinished`. Resolves with the reduced run. */
  start(
    origin: RunOrigin,
    steps: (RunEvent & { type: 'runStarted' })['steps'],
    work: (live: LiveRun) => Promise<void>,
  ): { id: string; finished: Promise<Run> };
  /** Asks a run to stop; false when it does not go on any more. */
  cancel(id: string): boolean;
  /** @throws {ProblemError} `run.notFound` */
  get(id: string): Promise<Run>;
  /** @throws {ProblemError} `run.notFound` */
  records(id: string): Promise<readonly RunRecord[]>;
  watch(id: string, fromSeq: number, signal: AbortSignal): AsyncGenerator<RunRecord>;
  active(): Run[];
}

interface Entry {
  readonly abort: AbortController;
  readonly records: RunRecord[];
  readonly watchers: Set<{ push(record: RunRecord): void; end(): void }>;
  readonly finished: Promise<Run>;
  run: Run | null;
  details: number;
  readonly settings: Pick<EnvironmentSettings, 'detailedLogs' | 'progress'>;
}

export function createRunRegistry(workspace: Workspace, changes: ChangeFeed, clock: Clock): RunRegistry {
  const entries = new Map<string, Entry>();

  function emit(entry: Entry, told: RunEvent): void {
    const event = redactEvent(told);
    if (isDetail(event) && (!entry.settings.detailedLogs || ++entry.details > keptDetails)) return;
    if (isProgress(event) && !entry.settings.progress) return;
    const record: RunRecord = { ...event, seq: entry.records.length, at: new Date(clock.now()).toISOString() };
    entry.records.push(record);
    entry.run = reduceRun(entry.run, record);
    workspace.runEvents.append(entry.run.id, record);
    if (event.type === 'runStarted' || event.type === 'runFinished' || event.type === 'phaseStarted') save(entry.run);
    for (const watcher of entry.watchers) watcher.push(record);
  }

  /** A full disk on this computer must not stop a migration half-way: what cannot be kept here is in the database's own journal. */
  function save(run: Run): void {
    try {
      workspace.runs.save(run);
    } catch (thrown) {
      logger.error(`Run ${run.id} could not be saved in the workspace`, thrown);
    }
    changes.publish({ kind: 'runs', environmentId: run.environmentId });
  }

  /** What could not be written is in the database's own journal; the run has ended as it has. */
  async function keepEnd(id: string): Promise<void> {
    const failed = (thrown: unknown) => logger.error(`The log of run ${id} could not be written`, thrown);
    await Promise.all([workspace.endRun(id).catch(failed), workspace.synced().catch(failed)]);
  }

  async function perform(entry: Entry, live: LiveRun, work: (live: LiveRun) => Promise<void>): Promise<Run> {
    try {
      await work(live);
    } finally {
      entries.delete(live.id);
      for (const watcher of entry.watchers) watcher.end();
      await keepEnd(live.id);
    }
    return live.run();
  }

  return {
    start(origin, steps, work) {
      const abort = new AbortController();
      const { promise: finished, resolve, reject } = Promise.withResolvers<Run>();
      const settings = settingsOf({ workspace }, environmentOf(workspace, origin));
      const entry: Entry = { abort, records: [], watchers: new Set(), finished, run: null, details: 0, settings };
      const live: LiveRun = {
        id: origin.id,
        signal: abort.signal,
        emit: (event) => emit(entry, event),
        run: () => entry.run ?? raise(unknownRun(origin.id)),
      };
      entries.set(origin.id, entry);
      emit(entry, { type: 'runStarted', origin, steps });
      perform(entry, live, work).then(resolve, reject);
      finished.catch(() => undefined);
      return { id: origin.id, finished };
    },
    cancel(id) {
      const entry = entries.get(id);
      if (entry === undefined || entry.abort.signal.aborted) return entry !== undefined;
      emit(entry, { type: 'cancelRequested' });
      entry.abort.abort();
      return true;
    },
    async get(id) {
      return (
        entries.get(id)?.run ??
        workspace.runs.get(id) ??
        runFromRecords(await workspace.runEvents.read(id, 0)) ??
        raise(unknownRun(id))
      );
    },
    async records(id) {
      const records = entries.get(id)?.records ?? (await workspace.runEvents.read(id, 0));
      return records.length === 0 ? raise(workspace.runs.get(id) === null ? unknownRun(id) : removedLog(id)) : records;
    },
    async *watch(id, fromSeq, signal) {
      const entry = entries.get(id);
      if (entry === undefined) {
        const stored = await workspace.runEvents.read(id, fromSeq);
        if (stored.length === 0 && workspace.runs.get(id) === null) raise(unknownRun(id));
        yield* stored;
        return;
      }
      const queue = createQueue<RunRecord>(signal);
      for (const record of entry.records.slice(fromSeq)) queue.push(record);
      entry.watchers.add(queue);
      try {
        yield* queue.drain();
      } finally {
        entry.watchers.delete(queue);
      }
    },
    active: () => [...entries.values()].flatMap((entry) => (entry.run === null ? [] : [entry.run])),
  };
}

const isDetail = (event: RunEvent): boolean => event.type === 'resultSet' || event.type === 'notice';

const isProgress = ({ type }: RunEvent): boolean =>
  ['statementProgress', 'batchProgress', 'serverProgress', 'backupProgress', 'restoreProgress'].includes(type);

/** Ad hoc ones have what the workspace says. */
const environmentOf = (workspace: Workspace, { environmentId }: RunOrigin): Pick<Environment, 'tier' | 'settings'> =>
  (environmentId === null ? null : workspace.environments.find(environmentId)) ?? { tier: 'production' };

const removedLog = (id: string) =>
  ({
    code: 'run.notFound',
    message: `The log of run ${id} was removed when it was older than the settings keep logs.`,
    hint: 'Its outcome is in the history.',
  }) as const;

const unknownRun = (id: string) =>
  ({ code: 'run.notFound', message: `There is no run ${id}.`, hint: 'List the runs of this workspace.' }) as const;
