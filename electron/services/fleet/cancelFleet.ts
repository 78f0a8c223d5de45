import { raise } from '../../../shared/problem.ts';
import type { Context } from '../context.ts';
import { recordAudit } from '../recordAudit.ts';
import { findFleet } from './findFleet.ts';

/** Of one that has ended there is nothing to cancel. @throws {ProblemError} `fleet.notFound`, `fleet.active` elsewhere */
export function cancelFleet(context: Context, id: string): void {
  const live = context.fleets.get(id);
  const { fleet } = findFleet(context, id);
  if (live === undefined && fleet.outcome === null)
    raise({
      code: 'fleet.active',
      message: `The fleet ${id} goes on in another process, on ${fleet.host}.`,
      hint: 'Cancel it there: with Ctrl+C where it was started.',
    });
  if (live === undefined) return;
  recordAudit(context, { action: 'fleet cancelled', environment: null, run: null, detail: { fleet: id } });
  live.cancel();
}
