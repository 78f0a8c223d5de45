/** Asks a fleet to stop, whichever process of this workspace goes on with it. */
import type { FleetCancellation } from '../../../shared/model/fleet.ts';
import type { Context } from '../context.ts';
import { logger } from '../logger.ts';
import { isAlive } from '../processLife.ts';
import { recordAudit } from '../recordAudit.ts';
import { endDeadFleets, findFleet } from './findFleet.ts';
import type { LiveFleet } from './liveFleet.ts';

/** Milliseconds between two looks at what other processes ask. */
const lookEveryMs = 1000;

/** @throws {ProblemError} `fleet.notFound`, `workspace.unwritable` */
export async function cancelFleet(context: Context, id: string): Promise<FleetCancellation> {
  await endDeadFleets(context);
  const live = context.fleets.get(id);
  const { fleet } = findFleet(context, id);
  if (live !== undefined) {
    recordCancel(context, id);
    live.cancel();
    return 'begun';
  }
  if (fleet.outcome !== null) return 'ended';
  const at = new Date(context.clock.now()).toISOString();
  // Ended, or taken by another process, since it was read.
  if (!context.workspace.fleets.askToCancel(fleet, at)) return cancelFleet(context, id);
  recordCancel(context, id);
  return isAlive(context, fleet.host, fleet.process) === true ? 'asked' : 'unheard';
}

const recordCancel = (context: Context, fleet: string): void =>
  recordAudit(context, { action: 'fleet cancelled', environment: null, run: null, detail: { fleet } });

/** Until it is disposed of: cancels the fleet when another process has asked for it. */
export function heedCancels({ workspace }: Context, live: LiveFleet): Disposable {
  const timer = setInterval(() => {
    try {
      if (!live.signal.aborted && workspace.fleets.isAskedToCancel(live.fleet.id)) live.cancel();
    } catch (thrown) {
      logger.error(`Whether the fleet ${live.fleet.id} is to be cancelled could not be read`, thrown);
    }
  }, lookEveryMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
