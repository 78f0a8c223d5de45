/** Which commands can be given now, and by which view: the newest view that offers one gets it. */
import { create } from 'zustand';
import { type CommandId, type CommandInfo, commands } from '../../shared/commands.ts';
import type { Environment } from '../../shared/model/environment.ts';

type ShownEnvironment = Pick<Environment, 'name' | 'tier' | 'colour'>;

export interface Offer {
  readonly run: () => void;
  /** Names what would be concerned, e.g. the environment. */
  readonly title?: string;
  /** The one that it changes, or leads to a change of: shown wherever the command is. */
  readonly environment?: ShownEnvironment;
}

type Offers = Readonly<Partial<Record<CommandId, readonly Offer[]>>>;

export const useOffers = create<{ readonly offers: Offers }>(() => ({ offers: {} }));

export function offer(id: CommandId, what: Offer): () => void {
  const change = (next: (current: readonly Offer[]) => readonly Offer[]): void =>
    useOffers.setState(({ offers }) => ({ offers: { ...offers, [id]: next(offers[id] ?? []) } }));
  change((current) => [...current, what]);
  return () => change((current) => current.filter((one) => one !== what));
}

export const currentOffer = (id: CommandId): Offer | null => useOffers.getState().offers[id]?.at(-1) ?? null;

/** Gives a command; false when nothing offers it now. */
export function give(id: CommandId): boolean {
  const current = currentOffer(id);
  current?.run();
  return current !== null;
}

export const commandById = (id: string): (CommandInfo & { readonly id: CommandId }) | null =>
  commands.find((command) => command.id === id) ?? null;
