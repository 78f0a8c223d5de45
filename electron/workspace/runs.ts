import type { Run, RunSummary } from '../../shared/model/run.ts';
import type { Store, Value } from './store.ts';

export interface RunFilter {
  readonly environmentId?: string | null;
  /** The environment's name, or the ad hoc target's. */
  readonly environment?: string | null;
  readonly limit: number;
}

const summary = `json_object('id', id, 'environment', environment, 'action', action, 'outcome', outcome, 'actor', actor,
  'startedAt', started_at, 'finishedAt', finished_at, 'versions', json(versions))`;

export class Runs {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Adds it or replaces what was saved of it. */
  save(run: Run): void {
    const { id, environment, environmentId, action, outcome, actor, startedAt, finishedAt, steps } = run;
    this.#store.write(
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

  /** Newest first, whole, each read when it is asked for. Nothing may be written before the last was. */
  *newest(limit: number): Generator<Run> {
    for (const text of this.#store.each('SELECT run FROM runs ORDER BY started_at DESC, id DESC LIMIT ?', limit))
      yield runOf(text);
  }

  /** Newest first, whole. */
  latest(filter: RunFilter): Run[] {
    return this.#select('run', filter).map(runOf);
  }

  /** Without an outcome: they go on now, here or in another process, or their process died. Oldest first. */
  unfinished(): Run[] {
    return this.#store.texts('SELECT run FROM runs WHERE outcome IS NULL ORDER BY started_at, id').map(runOf);
  }

  #select(column: string, { environmentId = null, environment = null, limit }: RunFilter): string[] {
    const conditions: string[] = [];
    const values: Value[] = [];
    if (environmentId !== null) {
      conditions.push('environment_id = ?');
      values.push(environmentId);
    }
    if (environment !== null) {
      conditions.push('environment = ?');
      values.push(environment);
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    return this.#store.texts(
      `SELECT ${column} FROM runs ${where} ORDER BY started_at DESC, id DESC LIMIT ?`,
      ...values,
      limit,
    );
  }
}

const runOf = (text: string): Run => JSON.parse(text) as Run;
