import type { HistoryLine, Run, RunOutcome, RunSummary } from '../../shared/model/run.ts';
import type { Store, Value } from './store.ts';

export interface RunFilter {
  readonly environmentId?: string | null;
  /** The environment's name, or the ad hoc target's. */
  readonly environment?: string | null;
  /** Ids of the only environments whose runs are wanted; null: of all, and ad hoc ones. */
  readonly environmentIds?: readonly string[] | null;
  readonly outcome?: RunOutcome | null;
  readonly limit: number;
  /** Newer ones that are passed over. */
  readonly offset?: number;
}

export interface HistoryFilter extends Omit<RunFilter, 'outcome'> {
  /** Of the line: a step's, or that of a run without steps. */
  readonly outcome?: string | null;
}

/** Finished runs, counted by what they did, how they ended and how long they took. */
export interface RunCount {
  readonly environment: string;
  readonly action: string;
  readonly outcome: RunOutcome;
  readonly runs: number;
  readonly seconds: number;
  /** How many took at most as long as each of the limits. */
  readonly within: readonly number[];
}

const summary = `json_object('id', id, 'environment', environment, 'action', action, 'outcome', outcome, 'actor', actor,
  'startedAt', started_at, 'finishedAt', finished_at, 'versions', json(versions))`;

/** One line for each executed step, newest first, and one for a run that executed none. */
const linesOf = (runs: string): string => `
  SELECT r.started_at, r.id, coalesce(s.key, -1) AS step,
    coalesce(s.value ->> 'outcome', r.outcome, 'running') AS outcome,
    json_object(
      'environment', r.environment, 'actor', r.actor, 'run', r.id, 'reason', r.run ->> 'reason',
      'at', coalesce(s.value ->> 'startedAt', r.started_at),
      'action', coalesce(s.value ->> 'action', r.action),
      'version', s.value ->> 'version',
      'outcome', coalesce(s.value ->> 'outcome', r.outcome, 'running'),
      'durationMs', CASE WHEN s.key IS NULL
        THEN cast(round((julianday(r.finished_at) - julianday(r.started_at)) * 86400000) AS INTEGER)
        ELSE s.value ->> 'durationMs' END
    ) AS line
  FROM (${runs}) r LEFT JOIN json_each(r.run, '$.steps') s ON s.value ->> 'outcome' <> 'notExecuted'`;

export class Runs {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Adds it or replaces what was saved of it. On the disk after the workspace's next `synced`. */
  save(run: Run): void {
    const { id, environment, environmentId, action, outcome, actor, startedAt, finishedAt, steps } = run;
    this.#store.note(
      `INSERT INTO runs (id, environment, environment_id, action, outcome, actor, started_at, finished_at, versions, run)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, finished_at = excluded.finished_at, versions = excluded.versions, run = excluded.run`,
      id,
      environment,
      environmentId,
      action,
      outcome,
      actor,
      startedAt,
      finishedAt,
      JSON.stringify(steps.map((step) => step.version)),
      JSON.stringify(run),
    );
  }

  get(id: string): Run | null {
    const found = this.#store.text('SELECT run FROM runs WHERE id = ?', id);
    return found === null ? null : runOf(found);
  }

  /** Newest first. */
  list(filter: RunFilter): RunSummary[] {
    return this.#select(summary, filter).map((text) => JSON.parse(text) as RunSummary);
  }

  count(filter: Omit<RunFilter, 'limit'>): number {
    const { where, values } = conditionsOf(filter);
    return Number(this.#store.text(`SELECT count(*) FROM runs ${where}`, ...values));
  }

  /** Newest first. */
  history({ limit, offset = 0, outcome = null, ...filter }: HistoryFilter): HistoryLine[] {
    const { where, values } = conditionsOf(filter);
    // Every run has a line: without a filter by line, older runs need not be read.
    const most = outcome === null ? limit + offset : -1;
    const runs = `SELECT * FROM runs ${where} ORDER BY started_at DESC, id DESC LIMIT ?`;
    return this.#store
      .texts(
        `SELECT line FROM (${linesOf(runs)}) WHERE outcome = coalesce(?, outcome)
         ORDER BY started_at DESC, id DESC, step DESC LIMIT ? OFFSET ?`,
        ...values,
        most,
        outcome,
        limit,
        offset,
      )
      .map((text) => JSON.parse(text) as HistoryLine);
  }

  countHistory({ outcome = null, ...filter }: Omit<HistoryFilter, 'limit'>): number {
    const { where, values } = conditionsOf(filter);
    const sql = `SELECT count(*) FROM (${linesOf(`SELECT * FROM runs ${where}`)}) WHERE outcome = coalesce(?, outcome)`;
    return Number(this.#store.text(sql, ...values, outcome));
  }

  /** @param limits in seconds, ascending */
  counts(limits: readonly number[]): RunCount[] {
    const within = limits.map((limit) => `sum(seconds <= ${Number(limit)})`).join(', ');
    return this.#store
      .texts(
        `SELECT json_object('environment', environment, 'action', action, 'outcome', outcome, 'runs', count(*),
           'seconds', sum(seconds), 'within', json_array(${within}))
         FROM (SELECT *, (julianday(finished_at) - julianday(started_at)) * 86400 AS seconds
           FROM runs WHERE finished_at IS NOT NULL AND outcome IS NOT NULL)
         GROUP BY environment, action, outcome ORDER BY environment, action, outcome`,
      )
      .map((text) => JSON.parse(text) as RunCount);
  }

  /** Newest first, whole, each read when it is asked for. Nothing may be written before the last was. */
  *newest(limit: number): Generator<Run> {
    for (const text of this.#store.each('SELECT run FROM runs ORDER BY started_at DESC, id DESC LIMIT ?', limit))
      yield runOf(text);
  }

  /** Ids of the newest ones of an action that have ended, newest first. */
  finished(action: Run['action'], limit: number): string[] {
    return this.#store.texts(
      'SELECT id FROM runs WHERE action = ? AND outcome IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT ?',
      action,
      limit,
    );
  }

  /** Newest first, whole. */
  latest(filter: RunFilter): Run[] {
    return this.#select('run', filter).map(runOf);
  }

  /** Without an outcome: they go on now, here or in another process, or their process died. Oldest first. */
  unfinished(): Run[] {
    return this.#store.texts('SELECT run FROM runs WHERE outcome IS NULL ORDER BY started_at, id').map(runOf);
  }

  #select(column: string, { limit, offset = 0, ...filter }: RunFilter): string[] {
    const { where, values } = conditionsOf(filter);
    return this.#store.texts(
      `SELECT ${column} FROM runs ${where} ORDER BY started_at DESC, id DESC LIMIT ? OFFSET ?`,
      ...values,
      limit,
      offset,
    );
  }
}

function conditionsOf({
  environmentId = null,
  environment = null,
  environmentIds = null,
  outcome = null,
}: Omit<RunFilter, 'limit'>): { where: string; values: Value[] } {
  const given: readonly (readonly [condition: string, value: Value])[] = [
    ['environment_id = ?', environmentId],
    ['environment = ?', environment],
    ['outcome = ?', outcome],
    [
      'environment_id IN (SELECT value FROM json_each(?))',
      environmentIds === null ? null : JSON.stringify(environmentIds),
    ],
  ];
  const wanted = given.filter(([, value]) => value !== null);
  return {
    where: wanted.length === 0 ? '' : `WHERE ${wanted.map(([condition]) => condition).join(' AND ')}`,
    values: wanted.map(([, value]) => value),
  };
}

const runOf = (text: string): Run => JSON.parse(text) as Run;
