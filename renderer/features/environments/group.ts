import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { tiers } from '../../../shared/model/environment.ts';

export interface EnvironmentGroup {
  readonly group: string;
  readonly members: readonly EnvironmentSummary[];
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Groups by name, those without one last; in a group from development to production, then by name. */
export function groupEnvironments(environments: readonly EnvironmentSummary[]): readonly EnvironmentGroup[] {
  const byGroup = Map.groupBy(environments, ({ environment }) => environment.group);
  const order = ({ environment }: EnvironmentSummary): number => tiers.indexOf(environment.tier);
  return [...byGroup]
    .map(([group, members]) => ({
      group,
      members: members.toSorted(
        (a, b) => order(a) - order(b) || collator.compare(a.environment.name, b.environment.name),
      ),
    }))
    .toSorted((a, b) => Number(a.group === '') - Number(b.group === '') || collator.compare(a.group, b.group));
}

/** As many groups as the first `count` environments are in, with no others. */
export function firstOf(groups: readonly EnvironmentGroup[], count: number): readonly EnvironmentGroup[] {
  let left = count;
  return groups.flatMap(({ group, members }) => {
    const drawn = members.slice(0, left);
    left -= drawn.length;
    return drawn.length === 0 ? [] : [{ group, members: drawn }];
  });
}
