import type { Firing, Schedule } from '../../shared/model/schedule.ts';
import type { Store } from './store.ts';

/** A schedule with the time that comes next; null: none. */
export interface DueSchedule {
  readonly schedule: Schedule;
  /** ISO 8601 in UTC. */
  readonly next: string | null;
}

/** Who deals with one time of a schedule: a process of a computer, as `processLife.ts` names it. */
export interface FiringOwner {
  readonly host: string;
  readonly process: string;
}

/** Newest ones kept of each schedule. */
const keptFirings = 100;

const due = `json_object('schedule', json(schedule), 'next', next_due)`;

export class Schedules {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  list(): DueSchedule[] {
    return this.#store.texts(`SELECT ${due} FROM schedules ORDER BY id`).map(dueOf);
  }

  get(id: string): DueSchedule | null {
    const found = this.#store.text(`SELECT ${due} FROM schedules WHERE id = ?`, id);
    return found === null ? null : dueOf(found);
  }

  /** Adds it or replaces what was saved of it. */
  save(schedule: Schedule, next: string | null): void {
    this.#store.write(
      `INSERT INTO schedules (id, environment_id, next_due, schedule) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET next_due = excluded.next_due, schedule = excluded.schedule`,
      schedule.id,
      schedule.environmentId,
      next,
      JSON.stringify(schedule),
    );
  }

  /** What became of its times goes with it; their runs stay. */
  remove(id: string): void {
    this.#store.write('DELETE FROM schedule_firings WHERE schedule = ?', id);
    this.#store.write('DELETE FROM schedules WHERE id = ?', id);
  }

  /** From one time to the next, unless somebody else has done so. */
  advance(id: string, from: string, next: string | null): void {
    this.#store.write('UPDATE schedules SET next_due = ? WHERE id = ? AND next_due = ?', next, id, from);
  }

  /** True: this owner alone deals with that time. */
  claim(id: string, time: string, { host, process }: FiringOwner): boolean {
    return (
      this.#store.write(
        'INSERT OR IGNORE INTO schedule_firings (schedule, due, host, process) VALUES (?, ?, ?, ?)',
        id,
        time,
        host,
        process,
      ) > 0
    );
  }

  /** Whoever has claimed a time and has not told what became of it; null: nobody. */
  claimant(id: string, time: string): FiringOwner | null {
    const found = this.#store.text(
      `SELECT json_object('host', host, 'process', process) FROM schedule_firings WHERE schedule = ? AND due = ? AND firing IS NULL`,
      id,
      time,
    );
    return found === null ? null : (JSON.parse(found) as FiringOwner);
  }

  /** A claim of a process that died changes its owner. True: it is ours now. */
  takeOver(id: string, time: string, from: FiringOwner, to: FiringOwner): boolean {
    return (
      this.#store.write(
        'UPDATE schedule_firings SET host = ?, process = ? WHERE schedule = ? AND due = ? AND host = ? AND process = ? AND firing IS NULL',
        to.host,
        to.process,
        id,
        time,
        from.host,
        from.process,
      ) > 0
    );
  }

  /** What became of a time that was claimed. */
  settle(id: string, firing: Firing): void {
    this.#store.write(
      'UPDATE schedule_firings SET firing = ? WHERE schedule = ? AND due = ?',
      JSON.stringify(firing),
      id,
      firing.due,
    );
    this.#store.write(
      `DELETE FROM schedule_firings WHERE schedule = ? AND due NOT IN
       (SELECT due FROM schedule_firings WHERE schedule = ? ORDER BY due DESC LIMIT ?)`,
      id,
      id,
      keptFirings,
    );
  }

  /** Newest first. */
  firings(id: string, limit: number): Firing[] {
    return this.#store
      .texts(
        'SELECT firing FROM schedule_firings WHERE schedule = ? AND firing IS NOT NULL ORDER BY due DESC LIMIT ?',
        id,
        limit,
      )
      .map((text) => JSON.parse(text) as Firing);
  }
}

const dueOf = (text: string): DueSchedule => JSON.parse(text) as DueSchedule;
