/** Fleets and their members: each change is written before what it announces is begun, so that a crash loses none. */
import type { Fleet, FleetCounts, FleetMember, FleetSummary } from '../../shared/model/fleet.ts';
import { countMembers } from '../../shared/model/fleet.ts';
import type { Store } from './store.ts';

export class Fleets {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Adds it with its members, in their order. @throws {ProblemError} `workspace.unwritable` */
  add(fleet: Fleet, members: readonly FleetMember[]): void {
    this.#store.write('INSERT INTO fleets (id, owner, fleet) VALUES (?, ?, ?)', ...columnsOf(fleet));
    // One statement, so one write to the disk, for all.
    this.#store.write(
      `INSERT INTO fleet_members (fleet, position, id, state, member)
       SELECT ?, key, json_extract(value, '$.id'), json_extract(value, '$.state'), value FROM json_each(?)`,
      fleet.id,
      JSON.stringify(members),
    );
  }

  /** @throws {ProblemError} `workspace.unwritable` */
  save(fleet: Fleet): void {
    const [id, owner, text] = columnsOf(fleet);
    this.#store.write('UPDATE fleets SET owner = ?, fleet = ? WHERE id = ?', owner, text, id);
  }

  /** The same where nobody has taken it since: of two that go on with it at once, one does. */
  claim(fleet: Fleet, before: Pick<Fleet, 'process' | 'outcome'>): boolean {
    const [id, owner, text] = columnsOf(fleet);
    const sql = 'UPDATE fleets SET owner = ?, fleet = ?, cancel_asked_at = NULL WHERE id = ? AND owner = ?';
    return this.#store.write(sql, owner, text, id, ownerOf(before)) === 1;
  }

  /** For the process that goes on with it, which looks. False: it was ended or taken meanwhile. */
  askToCancel({ id, process, outcome }: Pick<Fleet, 'id' | 'process' | 'outcome'>, at: string): boolean {
    const sql = 'UPDATE fleets SET cancel_asked_at = coalesce(cancel_asked_at, ?) WHERE id = ? AND owner = ?';
    return this.#store.write(sql, at, id, ownerOf({ process, outcome })) === 1;
  }

  isAskedToCancel(id: string): boolean {
    return this.#store.text('SELECT id FROM fleets WHERE id = ? AND cancel_asked_at IS NOT NULL', id) !== null;
  }

  /** On the disk after the workspace's next `synced`, which its run waits for. @throws {ProblemError} `workspace.unwritable` */
  saveMember(fleet: string, member: FleetMember): void {
    this.#store.note(
      'UPDATE fleet_members SET state = ?, member = ? WHERE fleet = ? AND id = ?',
      member.state,
      JSON.stringify(member),
      fleet,
      member.id,
    );
  }

  get(id: string): Fleet | null {
    const found = this.#store.text('SELECT fleet FROM fleets WHERE id = ?', id);
    return found === null ? null : (JSON.parse(found) as Fleet);
  }

  /** In their order. */
  members(id: string): FleetMember[] {
    const texts = this.#store.texts('SELECT member FROM fleet_members WHERE fleet = ? ORDER BY position', id);
    return texts.map((text) => JSON.parse(text) as FleetMember);
  }

  /** Newest first. `within`: only those all of whose members are among these; null: all. */
  list(limit: number, offset = 0, within: readonly string[] | null = null): FleetSummary[] {
    const sql = `SELECT fleet FROM fleets WHERE ${isWithin} ORDER BY id DESC LIMIT ? OFFSET ?`;
    const ids = within === null ? null : JSON.stringify(within);
    return this.#store.texts(sql, ids, ids, limit, offset).map((text) => {
      const { id, name, wanted, shard, actor, startedAt, finishedAt, outcome } = JSON.parse(text) as Fleet;
      return { id, name, wanted, shard, actor, startedAt, finishedAt, outcome, counts: this.#counts(id) };
    });
  }

  count(within: readonly string[] | null = null): number {
    const ids = within === null ? null : JSON.stringify(within);
    return Number(this.#store.text(`SELECT count(*) FROM fleets WHERE ${isWithin}`, ids, ids));
  }

  /** Without an outcome: they go on, here or in another process, or their process died. Oldest first. */
  unfinished(): Fleet[] {
    return this.#store
      .texts("SELECT fleet FROM fleets WHERE json_extract(fleet, '$.outcome') IS NULL ORDER BY id")
      .map((text) => JSON.parse(text) as Fleet);
  }

  #counts(id: string): FleetCounts {
    const states = this.#store.texts('SELECT state FROM fleet_members WHERE fleet = ?', id);
    return countMembers(states.map((state) => ({ state: state as FleetMember['state'] })));
  }
}

/** Twice the JSON text of ids, or null. */
const isWithin = `(? IS NULL OR NOT EXISTS (
  SELECT 1 FROM fleet_members AS one WHERE one.fleet = fleets.id AND one.id NOT IN (SELECT value FROM json_each(?))))`;

const ownerOf = ({ process, outcome }: Pick<Fleet, 'process' | 'outcome'>): string => `${process} ${outcome ?? ''}`;

const columnsOf = (fleet: Fleet) => [fleet.id, ownerOf(fleet), JSON.stringify(fleet)] as const;
