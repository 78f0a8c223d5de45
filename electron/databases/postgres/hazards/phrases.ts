/** Sentences that several rules say, so that they say them alike. */
import type { HazardContext, HazardFinding } from '../../../engine/hazards.ts';
import { gradeBySize, sizeWords } from '../../common/hazards/sizes.ts';
import { blocksWrites, type LockMode } from './lockModes.ts';
import type { KnownTable } from './tables.ts';

/** Which lock, and who waits for it until when. */
export function lockWords(mode: LockMode, { transactional }: HazardContext): string {
  const end = transactional ? 'until the transaction ends' : 'until it is done';
  if (mode === 'ACCESS EXCLUSIVE') return `${mode}: nobody reads or writes it ${end}`;
  return blocksWrites(mode) ? `${mode}: reads go on, writes wait ${end}` : `${mode}: reads and writes go on`;
}

export const queues =
  'It waits for every transaction that uses the table, and everybody who comes later waits behind it.';
export const limitWait = "Limit the wait, then try again at a quiet time: SET LOCAL lock_timeout = '3s'.";

export interface Work {
  /** Begins the message, before the table's name: `Rewrites`. */
  readonly does: string;
  /** The others are in what it does. */
  readonly table: KnownTable;
  readonly lock: LockMode;
  /** Why, where it is not plain. */
  readonly because?: string;
  readonly remedy?: string;
  readonly rewrite?: string;
}

/** Of work that grows with the table; null where nobody waits for it. */
export function workFinding(
  { does, table, lock, because, ...rest }: Work,
  context: HazardContext,
): HazardFinding | null {
  if (table.isUnused) return null;
  const reason = because === undefined ? '' : ` ${because}`;
  return {
    severity: gradeBySize(table.size),
    message: `${does} ${table.whole} (${sizeWords(table.size)}) under ${lockWords(lock, context)}. It takes as long as its size and the disks demand.${reason}`,
    ...rest,
  };
}
