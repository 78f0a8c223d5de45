/** A fleet that goes on in this process: what it knows of its members is on the disk and told to whoever watches. */
import type { Fleet, FleetEvent, FleetMember } from '../../../shared/model/fleet.ts';
import type { Context } from '../context.ts';
import { type Folders, readOnce } from '../folders.ts';
import { createQueue, type Queue } from '../queue.ts';
import { FileSlots } from './fileSlots.ts';

/** Milliseconds between two looks at how far the members' runs are. */
const progressEveryMs = 250;

export class LiveFleet {
  /** A folder that many members share is read once. */
  readonly folders: Folders = readOnce();
  readonly slots = new FileSlots();
  readonly password: string | undefined;
  readonly #context: Context;
  readonly #members: Map<string, FleetMember>;
  readonly #abort = new AbortController();
  readonly #watchers = new Set<Queue<FleetEvent>>();
  #fleet: Fleet;

  constructor(context: Context, fleet: Fleet, members: readonly FleetMember[], password: string | undefined) {
    this.#context = context;
    this.#fleet = fleet;
    this.#members = new Map(members.map((member) => [member.id, member]));
    this.password = password;
  }

  get fleet(): Fleet {
    return this.#fleet;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** In their order. */
  members(): readonly FleetMember[] {
    return [...this.#members.values()];
  }

  /** @throws {ProblemError} `workspace.unwritable` */
  change(changed: Partial<Fleet>): void {
    this.#fleet = { ...this.#fleet, ...changed };
    this.#context.workspace.fleets.save(this.#fleet);
    this.#tell({ type: 'fleet', fleet: this.#fleet });
  }

  /** `kept`: it is written to the disk, too; what was begun but not sent to a database need not be. */
  changeMember(id: string, changed: Partial<FleetMember>, kept = true): void {
    const before = this.#members.get(id);
    if (before === undefined) return;
    const member = { ...before, ...changed };
    this.#members.set(id, member);
    if (kept) this.#context.workspace.fleets.saveMember(this.#fleet.id, member);
    this.#tell({ type: 'members', members: [member] });
  }

  /** Begins nothing more; what runs goes on to its end. */
  stop(): void {
    this.#abort.abort();
  }

  /** The same, and asks every member's run to stop. */
  cancel(): void {
    this.stop();
    for (const { state, run } of this.#members.values())
      if (state === 'running' && run !== null) this.#context.runs.cancel(run);
  }

  /** The whole, then what changes, until the fleet ends or `signal` aborts. */
  async *watch(signal: AbortSignal): AsyncGenerator<FleetEvent> {
    const queue = createQueue<FleetEvent>(signal);
    queue.push({ type: 'fleet', fleet: this.#fleet });
    queue.push({ type: 'members', members: this.members() });
    const progress = setInterval(() => this.#tellProgress(), progressEveryMs);
    this.#watchers.add(queue);
    try {
      yield* queue.drain();
    } finally {
      clearInterval(progress);
      this.#watchers.delete(queue);
    }
  }

  end(): void {
    for (const watcher of this.#watchers) watcher.end();
  }

  #tell(event: FleetEvent): void {
    for (const watcher of this.#watchers) watcher.push(event);
  }

  /** To all: each watcher has a timer, and whichever comes first finds what differs. */
  #tellProgress(): void {
    const done = new Map(
      this.#context.runs
        .active()
        .map(({ id, steps }) => [id, steps.filter(({ outcome }) => outcome === 'succeeded').length]),
    );
    const members = [...this.#members.values()].flatMap((member) => {
      const now = member.run === null ? undefined : done.get(member.run);
      if (now === undefined || now === member.done) return [];
      const moved = { ...member, done: now };
      this.#members.set(member.id, moved);
      return [moved];
    });
    if (members.length > 0) this.#tell({ type: 'members', members });
  }
}
