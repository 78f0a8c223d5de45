/** Environments by group, each with where it stands. */
import { useDeferredValue } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { formatRoute } from '../../router.ts';
import { fleetTexts } from '../fleet/texts.ts';
import { EnvironmentRow } from './EnvironmentRow.tsx';
import { firstOf, groupEnvironments } from './group.ts';
import { connectionTexts as texts } from './texts.ts';

/** More than the largest screen has: they are there at once, and the others while nobody waits for anything. */
const firstDrawn = 30;

export function EnvironmentCards({ environments }: { environments: readonly EnvironmentSummary[] }) {
  const count = useDeferredValue(environments.length, Math.min(firstDrawn, environments.length));
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
      {firstOf(groupEnvironments(environments), count).map(({ group, members }) => (
        <section key={group} className="environment-group" aria-label={group === '' ? texts.noGroup : group}>
          <div className="environment-group-head">
            <h2>{group === '' ? texts.noGroup : group}</h2>
            {members.length > 1 && <MigrateGroup members={members} />}
          </div>
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

function MigrateGroup({ members }: { members: readonly EnvironmentSummary[] }) {
  const ids = members.flatMap(({ environment }) => (environment.source === null ? [] : [environment.id]));
  if (ids.length < 2) return null;
  return (
    <a className="link small" href={formatRoute({ screen: 'newFleet', ids, to: null })}>
      {fleetTexts.migrateManyMore(ids.length)}
    </a>
  );
}
