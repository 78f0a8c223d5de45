import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { isTenantId } from '../../../shared/model/tenant.ts';
import { nothingChanged, type Problem } from '../../../shared/problem.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';

/** The stored facts of one environment; a Problem when it is not, or no longer, known. */
export function useEnvironment(id: string | null): {
  readonly summary: EnvironmentSummary | null;
  readonly problem: Problem | null;
} {
  const environments = useResource(readings.environments());
  const tenant = useResource(id !== null && isTenantId(id) ? readings.environment(id) : null);
  if (id !== null && isTenantId(id)) return { summary: tenant.data, problem: tenant.problem };
  const summary = environments.data?.find(({ environment }) => environment.id === id) ?? null;
  if (summary !== null) return { summary, problem: null };
  if (environments.data === null) return { summary, problem: environments.problem };
  return { summary, problem: unknownEnvironment };
}

const unknownEnvironment: Problem = {
  code: 'environment.notFound',
  message: 'This environment is not known here.',
  state: nothingChanged,
  hint: 'It may have been removed: go to Environments and open it from there.',
};
