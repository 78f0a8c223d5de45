/** Rows about sessions as every engine's query gives them. */
import type { ActivitySession } from '../../../shared/model/activity.ts';
import type { Row } from '../../engine/ports.ts';

/** Characters of a statement that are asked for. */
export const shownQuery = 1000;

export const textOf = (value: Row[string] | undefined): string | null =>
  value === null || value === undefined || value === '' ? null : String(value);

export const numberOf = (value: Row[string] | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

/** Milliseconds; clocks of two machines or of two moments may make a small negative number. */
export const ageOf = (value: Row[string] | undefined): number | null => {
  const ms = numberOf(value);
  return ms === null ? null : Math.max(0, Math.round(ms));
};

/** Turns "waits for" around. `blockedBy`: pairs of who waits and who blocks. */
export function withBlocks(
  sessions: readonly Omit<ActivitySession, 'blocks'>[],
  blockedBy: readonly (readonly [waits: number, blocks: number])[],
): ActivitySession[] {
  return sessions.map((session) => ({
    ...session,
    blocks: [...new Set(blockedBy.flatMap(([waits, blocks]) => (blocks === session.pid ? [waits] : [])))].sort(
      (one, other) => one - other,
    ),
  }));
}
