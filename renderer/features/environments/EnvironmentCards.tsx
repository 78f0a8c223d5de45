/** Environments by group, each with where it stands. */
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { EnvironmentRow } from './EnvironmentRow.tsx';
import { groupEnvironments } from './group.ts';

export function EnvironmentCards({ environments }: { environments: readonly EnvironmentSummary[] }) {
  return (
    <>
      <div className="environment-heads" aria-hidden="true">
        <span />
        <span>Version</span>
        <span>Pending</span>
        <span>Last run</span>
        <span>Last backup</span>
        <span />
      </div>
      {groupEnvironments(environments).map(({ group, members }) => (
        <section key={group} className="environment-group" aria-label={group === '' ? 'No group' : group}>
          <h2>{group === '' ? 'No group' : group}</h2>
          <ul className="panel">
            {members.map((summary) => (
              <EnvironmentRow key={summary.environment.id} summary={summary} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
