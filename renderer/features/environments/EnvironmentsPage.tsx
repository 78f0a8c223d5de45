/** Home: every environment by group, with where it stands. */
import { ActionIcon, Button, SegmentedControl, Skeleton, Tooltip } from '@mantine/core';
import { IconFileImport, IconPlus } from '@tabler/icons-react';
import { Suspense, useDeferredValue, useMemo, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterInput, matches } from '../../components/FilterInput.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { loadedAhead } from '../../loadedAhead.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { engineWords, tierWords } from '../../texts.ts';
import { matrixTexts } from '../matrix/matrixTexts.ts';
import { changeOptions, useMatrixOptions } from '../matrix/options.ts';
import { openAddEnvironment, openImport } from './dialogs.ts';
import { EnvironmentCards } from './EnvironmentCards.tsx';
import { FirstRun } from './FirstRun.tsx';
import './environments.css';
import { connectionTexts as texts } from './texts.ts';

const MatrixView = loadedAhead(() => import('../matrix/MatrixView.tsx'));

export function EnvironmentsPage() {
  const [filter, setFilter] = useState('');
  const wanted = useDeferredValue(filter);
  const environments = useResource(readings.environments());
  const view = useMatrixOptions((options) => options.view);
  useCommand('environments.view', () => changeOptions({ view: view === 'cards' ? 'matrix' : 'cards' }));
  const found = useMemo(
    () => (environments.data ?? []).filter((summary) => isFound(summary, wanted)),
    [environments.data, wanted],
  );
  if (environments.data === null) {
    return (
      <div className="page">
        <h1 tabIndex={-1}>{texts.environments}</h1>
        {environments.problem === null ? <Waiting /> : <Failed problem={environments.problem} />}
      </div>
    );
  }
  if (environments.data.length === 0) return <FirstRun />;
  return (
    <div className={view === 'matrix' ? 'page tall matrix-page' : 'page'}>
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.environments}</h1>
        <span className="sub">{texts.environments2(environments.data.length)}</span>
        <div className="row push">
          <ViewChoice view={view} />
          <FilterInput label={texts.filterEnvironments} value={filter} onChange={setFilter} />
          <Tooltip label={texts.importConnections}>
            <ActionIcon size={36} aria-label={texts.importConnections} onClick={openImport}>
              <IconFileImport size={18} />
            </ActionIcon>
          </Tooltip>
          <Button leftSection={<IconPlus size={16} />} onClick={openAddEnvironment}>
            {texts.addEnvironment}
          </Button>
        </div>
      </div>
      {environments.problem !== null && <Failed problem={environments.problem} />}
      {found.length === 0 && (
        <EmptyState
          title={texts.noEnvironmentHasTheseWords}
          actions={
            <Button variant="default" onClick={() => setFilter('')}>
              {texts.clearTheFilter}
            </Button>
          }
        />
      )}
      {found.length > 0 && view === 'cards' && <EnvironmentCards environments={found} />}
      {found.length > 0 && view === 'matrix' && (
        <Suspense fallback={<Waiting />}>
          <MatrixView environments={found} />
        </Suspense>
      )}
    </div>
  );
}

function ViewChoice({ view }: { view: 'cards' | 'matrix' }) {
  return (
    <SegmentedControl
      aria-label={matrixTexts.view}
      value={view}
      onChange={(chosen) => changeOptions({ view: chosen === 'matrix' ? 'matrix' : 'cards' })}
      data={[
        { value: 'cards', label: matrixTexts.cards },
        { value: 'matrix', label: matrixTexts.matrix },
      ]}
    />
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
          {texts.readAgain}
        </Button>
      }
    />
  );
}

function Waiting() {
  return (
    <div className="column" role="status" aria-label={texts.readingTheEnvironments}>
      {[0, 1, 2].map((line) => (
        <Skeleton key={line} height={64} radius="md" />
      ))}
    </div>
  );
}
