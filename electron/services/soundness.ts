/** What a run has left that its database does not hold to be sound: indexes half made, constraints not checked, rows astray. */
import type { Driver } from '../databases/driver.ts';
import type { IntegrityFinding } from '../databases/integrity.ts';
import { ServerFault, type Session } from '../engine/ports.ts';

/** Null: it could not be asked, which is no reason to stop. */
export async function soundnessOf(driver: Driver, session: Session): Promise<readonly IntegrityFinding[] | null> {
  try {
    return await driver.findIntegrity(session);
  } catch (thrown) {
    if (thrown instanceof ServerFault) return null;
    throw thrown;
  }
}

/** In sentences; what was there before is not the run's. */
export function newlyUnsound(
  before: readonly IntegrityFinding[] | null,
  after: readonly IntegrityFinding[] | null,
): string[] {
  if (before === null || after === null) return [];
  const known = new Set(before.map(({ key }) => key));
  return after.filter(({ key }) => !known.has(key)).map(({ message }) => message);
}
