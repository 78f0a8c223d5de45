/** A rehearsal in an environment that goes on, whoever looks: started from here, or found going on. */
import { useEffect, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { Target } from '../../../shared/model/plan.ts';
import type { Run } from '../../../shared/model/run.ts';
import type { Problem } from '../../../shared/problem.ts';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { useAction } from '../../useAction.ts';

export interface RehearsalOptions {
  readonly copy: 'auto' | 'schema';
  readonly newBackup: 'never' | 'ifNeeded' | 'always';
  readonly tables: readonly string[] | null;
  readonly accept: readonly string[];
}

/** With rows where there are any; a backup is taken where none fits. */
export const usualOptions: RehearsalOptions = { copy: 'auto', newBackup: 'ifNeeded', tables: null, accept: [] };

export interface Rehearsing {
  /** Null: none was seen while this view is open. */
  readonly run: Run | null;
  readonly busy: boolean;
  /** Why the last one could not be started. */
  readonly problem: Problem | null;
  /** Of the last one that was started here. */
  readonly options: RehearsalOptions;
  start(options?: RehearsalOptions): void;
}

/** `accepted`: what is accepted of the plan itself, beside what each start accepts of the copy. */
export function useRehearsing(
  { environment, activeRun }: EnvironmentSummary,
  target: Target,
  accepted: readonly string[] = [],
): Rehearsing {
  const [shown, setShown] = useState<string | null>(null);
  const [options, setOptions] = useState(usualOptions);
  const active = useResource(activeRun === null ? null : readings.run(activeRun)).data;
  const run = useResource(shown === null ? null : readings.run(shown)).data;
  const found = active?.action === 'rehearse' ? active.id : null;
  useEffect(() => {
    if (found !== null) setShown(found);
  }, [found]);
  const starting = useAction(async (chosen: RehearsalOptions) => {
    setOptions(chosen);
    setShown(null);
    const { tables, accept, ...rest } = chosen;
    const asked = { ...rest, tables: tables === null ? null : [...tables], accept: [...accept, ...accepted] };
    setShown((await backend().rehearsals.start({ environmentId: environment.id, target, ...asked })).run);
  });
  return {
    run: run !== null && run.id === shown ? run : null,
    busy: starting.busy || (run !== null && run.id === shown && run.outcome === null),
    problem: starting.problem,
    options,
    start: (chosen = usualOptions) => starting.run(chosen),
  };
}
