// The original program's lock, held by us.
import { expect, onTestFinished } from 'vitest';
import type { Context } from '../../electron/services/context.ts';
import { readSource } from '../../electron/services/readSource.ts';
import { openSession, resolveTarget, type TargetRequest } from '../../electron/services/target.ts';

/** As a run of ours takes it; gives how it ends, also when called again. */
export async function takeToolLock(context: Context, request: TargetRequest): Promise<() => Promise<void>> {
  const target = await resolveTarget(context, request);
  const { history } = await readSource(target);
  const session = await openSession(context, target, false);
  onTestFinished(() => session.close());
  expect(await history.tryToolLock?.(session)).toBeNull();
  let held = true;
  return async () => {
    if (held) await history.releaseToolLock?.(session);
    held = false;
  };
}
