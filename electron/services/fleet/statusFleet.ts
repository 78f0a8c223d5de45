/** The status of many databases in one view: read many at once, each told when it is read and then forgotten. */
import type { Environment } from '../../../shared/model/environment.ts';
import type { FleetStatus } from '../../../shared/model/fleet.ts';
import { attentionOf } from '../../../shared/model/status.ts';
import { problemFrom } from '../../../shared/problem.ts';
import type { Context } from '../context.ts';
import { readOnce } from '../folders.ts';
import { inTurn } from '../inTurn.ts';
import { readStatus } from '../readStatus.ts';
import { FileSlots } from './fileSlots.ts';

export interface FleetStatusRequest {
  readonly members: readonly Environment[];
  /** Members that are read at once. */
  readonly jobs: number;
  readonly password?: string;
}

/** Never rejects for a member that cannot be read: it is told with its problem. */
export async function statusFleet(
  context: Context,
  { members, jobs, password }: FleetStatusRequest,
  signal: AbortSignal,
  tell: (status: FleetStatus) => void,
): Promise<void> {
  const folders = readOnce();
  const slots = new FileSlots();
  await inTurn(members, jobs, signal, async ({ id, name, tier, group, connection }) => {
    using _ = await slots.take({ connection });
    const request = { kind: 'environment', nameOrId: id, ...(password === undefined ? {} : { password }) } as const;
    const about = { environment: name, tier, group };
    try {
      const report = await readStatus(context, request, { folders });
      const { current, pending, counts, readAt } = report;
      tell({ ...about, current, pending, attention: attentionOf(report), counts, problem: null, readAt });
    } catch (thrown) {
      tell({
        ...about,
        ...{ current: null, pending: null, attention: null, counts: null, readAt: null },
        problem: problemFrom(thrown),
      });
    }
  });
}
