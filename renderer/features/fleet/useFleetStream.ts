/** A fleet as it happens, drawn at most once a frame. */
import { useEffect, useState } from 'react';
import type { Fleet, FleetEvent, FleetMember } from '../../../shared/model/fleet.ts';
import type { Problem } from '../../../shared/problem.ts';
import { backend } from '../../connection.ts';
import { BackendLost, toProblem } from '../../problem.ts';
import { follow } from '../../stream.ts';

export interface FleetStream {
  readonly fleet: Fleet | null;
  /** In their order. */
  readonly members: readonly FleetMember[];
  readonly problem: Problem | null;
}

const nothing: FleetStream = { fleet: null, members: [], problem: null };

export function useFleetStream(id: string): FleetStream {
  const [shown, setShown] = useState(nothing);
  useEffect(() => {
    const leaving = new AbortController();
    const members = new Map<string, FleetMember>();
    let fleet: Fleet | null = null;
    let problem: Problem | null = null;
    let frame: number | null = null;
    const draw = (thrown: unknown): void => {
      problem = thrown === null ? null : toProblem(thrown);
      frame ??= requestAnimationFrame(() => {
        frame = null;
        setShown({ fleet, members: [...members.values()], problem });
      });
    };
    follow<FleetEvent>({
      open: (signal) => backend().fleets.watch({ id }, { signal }),
      onItem(event) {
        if (event.type === 'fleet') fleet = event.fleet;
        else for (const member of event.members) members.set(member.id, member);
        draw(null);
      },
      onState: (_state, thrown) => draw(thrown),
      isFinal: (thrown) => thrown instanceof BackendLost || toProblem(thrown).code === 'fleet.notFound',
      reopens: false,
      signal: leaving.signal,
    }).catch(draw);
    return () => {
      leaving.abort();
      if (frame !== null) cancelAnimationFrame(frame);
    };
  }, [id]);
  return shown;
}
