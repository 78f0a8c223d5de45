/** A resume that was itself interrupted before it began anything goes on with nothing of its own, but with the run before it. */
import type { JournalLatest } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { halfDoneBy } from './halfDone.ts';
import type { Reconciled } from './reconcileRun.ts';
import { openSession } from './target.ts';
import { isUnsettled, readLatest } from './unsettled.ts';

/** The run that began a migration of this one, which began none; null: there is none. A question. */
export async function earlierRun(context: Context, found: Reconciled): Promise<JournalLatest | null> {
  const { target, source, rows, view } = found;
  if (rows.length > 0) return null;
  const session = await openSession(context, target, true);
  try {
    const asked = { target, source, session };
    const planned = new Set(view.steps.map(({ version }) => version));
    const begun = (await readLatest(asked)).filter(({ runId, version }) => runId !== view.run && planned.has(version));
    for (const one of begun) if (isUnsettled(one) || (await halfDoneBy(asked, one)) !== null) return one;
    return null;
  } finally {
    await session.close();
  }
}
