/** What a fleet would do with each member, told one by one as it is planned. */
import { useEffect, useState } from 'react';
import type { FleetMember, FleetMemberPlan, FleetPlanEvent } from '../../../shared/model/fleet.ts';
import type { Problem } from '../../../shared/problem.ts';
import { backend } from '../../connection.ts';
import { toProblem, wasAborted } from '../../problem.ts';
import { fleetApprovals } from './fleetApprovals.ts';

export type PlannedMember = Pick<FleetMember, 'id' | 'name' | 'tier' | 'colour'> & {
  /** Null: it is being planned. */
  readonly plan: FleetMemberPlan | null;
};

export interface FleetPlanning {
  readonly members: readonly PlannedMember[];
  readonly done: boolean;
  readonly planned: number;
  readonly problem: Problem | null;
}

const nothing: FleetPlanning = { members: [], done: false, planned: 0, problem: null };
/** Members that are asked at once. */
const jobs = 8;

/** @param key of the environments: another list is planned anew */
export function useFleetPlan(ids: readonly string[], to: string | null): FleetPlanning {
  const [shown, setShown] = useState(nothing);
  const key = JSON.stringify([ids, to]);
  useEffect(() => {
    const leaving = new AbortController();
    setShown(nothing);
    const [environmentIds, version] = JSON.parse(key) as [string[], string | null];
    if (environmentIds.length > 0)
      gather(environmentIds, version, leaving.signal, setShown).catch((thrown: unknown) => {
        if (!wasAborted(thrown) && !leaving.signal.aborted)
          setShown((before) => ({ ...before, done: true, problem: toProblem(thrown) }));
      });
    return () => leaving.abort();
  }, [key]);
  return shown;
}

async function gather(
  environmentIds: string[],
  to: string | null,
  signal: AbortSignal,
  show: (planning: FleetPlanning) => void,
): Promise<void> {
  const wanted = { direction: 'up', ...(to === null ? {} : { to }) } as const;
  const members = new Map<string, PlannedMember>();
  let drawing = false;
  let done = false;
  const draw = (): void => {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      const all = [...members.values()];
      if (!signal.aborted)
        show({ members: all, done, planned: all.filter(({ plan }) => plan !== null).length, problem: null });
    });
  };
  const request = { environmentIds, wanted, jobs, approvals: fleetApprovals(environmentIds) };
  for await (const event of await backend().fleets.plan(request, { signal })) {
    take(members, event);
    draw();
  }
  done = true;
  draw();
}

function take(members: Map<string, PlannedMember>, event: FleetPlanEvent): void {
  if (event.type === 'members') for (const member of event.members) members.set(member.id, { ...member, plan: null });
  const { plan } = event.type === 'planned' ? event : { plan: null };
  const member = plan === null ? undefined : members.get(plan.id);
  if (plan !== null && member !== undefined) members.set(plan.id, { ...member, plan });
}
