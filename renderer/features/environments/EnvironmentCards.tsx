/** Environments by group, each with where it stands. */
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { EnvironmentRow } from './EnvironmentRow.tsx';
import { groupEnvironments } from './group.ts';
import { connectionTexts as texts } from './texts.ts';

export function EnvironmentCards({ environments }: { environments: readonly EnvironmentSummary[] }) {
  return (
    <>
      <div className="environment-heads" aria-hidden="true">
        <span />
        <span>{texts.version}</span>
        <span>{texts.pending}</span>
        <span>{texts.lastRun}</span>
        <span>{texts.lastBackup}</span>
        <span />
      </div>
      {groupEnvironments(environments).map(({ group, members }) => (
        <section key={group} className="environment-group" aria-label={group === '' ? texts.noGroup : group}>
          <h2>{group === '' ? texts.noGroup : group}</h2>
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
