/** A fleet as a stream that can be taken up again: the whole first, then what changes. */
import { createHash } from 'node:crypto';
import { withEventMeta } from '@orpc/server';
import type { FleetEvent } from '../../../shared/model/fleet.ts';
import { type FleetDocument, fleetDocument } from '../../../shared/model/fleetDocument.ts';
import type { Caller } from './caller.ts';

type Facts = Omit<FleetDocument, 'fleet' | 'members' | 'counts' | 'next'> & { readonly fleet: string };
type Told = { readonly type: 'fleet'; readonly fleet: Facts } | { readonly type: 'members'; readonly members: Members };
type Members = FleetDocument['members'];

/**
 * What is stored of a fleet is its state, not what led there. So an event's id is a digest of all that was told up to it: a reader
 * that comes back with the one of the present state is told nothing again, every other one is told the whole.
 */
export async function* fleetEvents(
  caller: Caller,
  id: string,
  lastEventId: string | undefined,
  signal: AbortSignal | undefined,
) {
  const known = new Known();
  /** Events of the whole, until it is complete. */
  let whole: Told[] | null = [];
  for await (const event of await caller.call.fleets.watch({ id }, signal === undefined ? {} : { signal })) {
    const news = known.take(event);
    if (whole !== null) {
      if (news !== null) whole.push(news);
      if (event.type !== 'members') continue;
      if (known.digest() !== lastEventId) yield* tell(whole, caller, known);
      whole = null;
    } else if (news !== null) yield* tell([news], caller, known);
  }
  if (whole !== null && known.digest() !== lastEventId) yield* tell(whole, caller, known);
}

/** Only the last of them may carry the id of what all of them tell together. */
function* tell(news: readonly Told[], { context }: Caller, known: Known) {
  const at = new Date(context.clock.now()).toISOString();
  for (const [index, one] of news.entries())
    yield index === news.length - 1 ? withEventMeta({ ...one, at }, { id: known.digest() }) : { ...one, at };
}

class Known {
  readonly #digests = new Map<string, string>();
  #factsOf: (event: FleetEvent & { readonly type: 'members' }) => Members = () => [];

  /** What of it was not told before; null: nothing. */
  take(event: FleetEvent): Told | null {
    if (event.type === 'fleet') {
      const { fleet } = event;
      const { members, counts, next, ...about } = fleetDocument(fleet, []);
      const facts = { ...about, fleet: fleet.id };
      this.#factsOf = (told) => fleetDocument(fleet, told.members).members;
      return this.#isNew('', facts) ? { type: 'fleet', fleet: facts } : null;
    }
    const members = this.#factsOf(event).filter((member) => this.#isNew(`/${member.environment}`, member));
    return members.length === 0 ? null : { type: 'members', members };
  }

  digest(): string {
    const all = [...this.#digests].sort(([left], [right]) => (left < right ? -1 : 1));
    return sha256(JSON.stringify(all)).slice(0, 32);
  }

  #isNew(key: string, value: object): boolean {
    const digest = sha256(JSON.stringify(value));
    if (this.#digests.get(key) === digest) return false;
    this.#digests.set(key, digest);
    return true;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
