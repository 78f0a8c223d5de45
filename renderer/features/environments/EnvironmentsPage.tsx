/** Home: every environment by group, with where it stands. */
import { Button, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterInput, matches } from '../../components/FilterInput.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { formatCount } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { engineWords, tierWords } from '../../texts.ts';
import { openAddEnvironment } from './dialogs.ts';
import { EnvironmentRow } from './EnvironmentRow.tsx';
import { FirstRun } from './FirstRun.tsx';
import { groupEnvironments } from './group.ts';
import './environments.css';

export function EnvironmentsPage() {
  const [filter, setFilter] = useState('');
  const wanted = useDeferredValue(filter);
  const environments = useResource(readings.environments());
  if (environments.data === null) {
    return (
      <div className="page">
        <h1 tabIndex={-1}>Environments</h1>
        {environments.problem === null ? <Waiting /> : <Failed problem={environments.problem} />}
      </div>
    );
  }
  if (environments.data.length === 0) return <FirstRun />;
  const found = environments.data.filter((summary) => isFound(summary, wanted));
  return (
    <div className="page">
      <div className="page-head">
        <h1 tabIndex={-1}>Environments</h1>
        <span className="sub">{formatCount(environments.data.length, 'environment')}</span>
        <div className="row push">
          <FilterInput label="Filter environments" value={filter} onChange={setFilter} />
          <Button leftSection={<IconPlus size={16} />} onClick={openAddEnvironment}>
            Add environment
          </Button>
        </div>
      </div>
      {environments.problem !== null && <Failed problem={environments.problem} />}
      {found.length === 0 && (
        <EmptyState
          title="No environment has these words"
          actions={
            <Button variant="default" onClick={() => setFilter('')}>
              Clear the filter
            </Button>
          }
        />
      )}
      {found.length > 0 && (
        <div className="environment-heads" aria-hidden="true">
          <span />
          <span>Version</span>
          <span>Pending</span>
          <span>Last run</span>
          <span>Last backup</span>
          <span />
        </div>
      )}
      {groupEnvironments(found).map(({ group, members }) => (
        <section key={group} className="environment-group" aria-label={group === '' ? 'No group' : group}>
          <h2>{group === '' ? 'No group' : group}</h2>
          <ul className="panel">
            {members.map((summary) => (
              <EnvironmentRow key={summary.environment.id} summary={summary} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

const isFound = ({ environment, url }: EnvironmentSummary, filter: string): boolean =>
  matches(filter, [
    environment.name,
    environment.group,
    url,
    tierWords[environment.tier],
    engineWords[environment.connection.engine],
  ]);

function Failed({ problem }: { problem: Parameters<typeof ProblemNotice>[0]['problem'] }) {
  return (
    <ProblemNotice
      problem={problem}
      actions={
        <Button size="xs" onClick={() => void refresh(readings.environments())}>
          Read again
        </Button>
      }
    />
  );
}

function Waiting() {
  return (
    <div className="column" role="status" aria-label="Reading the environments">
      {[0, 1, 2].map((line) => (
        <Skeleton key={line} height={64} radius="md" />
      ))}
    </div>
  );
}
