/** Everything about a restore before it starts: what it loses, where it goes, what is kept, what it needs. */

import { Button, NativeSelect, Skeleton } from '@mantine/core';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { Backup } from '../../../shared/model/backup.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { formatTime } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { formatRoute, type RestoreTarget } from '../../router.ts';
import { replaceRoute } from '../../useRoute.ts';
import { openDialog } from '../environments/dialogs.ts';
import { Placement } from './Placement.tsx';
import { PlannedRestore } from './PlannedRestore.tsx';
import { targetOf } from './restoreFacts.ts';
import './restore.css';
import { filled } from '../../components/filled.tsx';
import { restoreTexts as texts } from './texts.ts';

export default function RestorePage({ wanted }: { wanted: RestoreTarget }) {
  const backups = useResource(readings.backups(null));
  const environments = useResource(readings.environments());
  const problem = backups.problem ?? environments.problem;
  const backup = backups.data?.find(({ id }) => id === wanted.backup) ?? null;
  if (backups.data === null || environments.data === null)
    return (
      <div className="page">{problem === null ? <Skeleton height={76} /> : <ProblemNotice problem={problem} />}</div>
    );
  if (backup === null && wanted.file === null) return <NoSuchBackup />;
  const summary = targetOf(environments.data, wanted, backup);
  if (summary === null) return <ChooseTarget wanted={wanted} backup={backup} environments={environments.data} />;
  return <Restore wanted={wanted} backup={backup} summary={summary} />;
}

interface RestoreProps {
  readonly wanted: RestoreTarget;
  readonly backup: Backup | null;
  readonly summary: EnvironmentSummary;
}

function Restore({ wanted, backup, summary }: RestoreProps) {
  const { id, name } = summary.environment;
  const ready = wanted.placement !== 'into' || wanted.into !== null;
  const reading = ready ? readings.restorePlan(id, wanted) : null;
  const plan = useResource(reading);
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/backups">{texts.backups}</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'environment', id, tab: 'backups', run: null })}>{name}</a>
      </nav>
      <EnvironmentBanner
        environment={summary.environment}
        title={texts.restore}
        where={
          <>
            {backup === null
              ? filled(texts.dump, { file: <span className="mono">{wanted.file}</span> })
              : filled(texts.backupOf, { takenAt: <strong>{formatTime(backup.takenAt)}</strong> })}{' '}
            · {summary.url}
          </>
        }
      />
      <Placement wanted={wanted} backup={backup} engine={summary.environment.connection.engine} />
      {plan.problem !== null && (
        <ProblemNotice
          problem={plan.problem}
          urgent
          actions={
            plan.problem.code === 'connect.secretMissing' ? (
              <Button size="xs" onClick={() => openDialog({ kind: 'unlock', summary })}>
                {texts.enterPassword}
              </Button>
            ) : (
              reading !== null && (
                <Button size="xs" loading={plan.loading} onClick={() => void refresh(reading)}>
                  {texts.lookAgain}
                </Button>
              )
            )
          }
        />
      )}
      {ready && plan.data === null && plan.problem === null && (
        <ReadingNotice>{texts.comparingTheBackupWithThe}</ReadingNotice>
      )}
      {plan.data !== null && plan.problem === null && (
        <PlannedRestore key={wanted.placement} wanted={wanted} plan={plan.data} summary={summary} />
      )}
    </div>
  );
}

interface ChooseTargetProps {
  readonly wanted: RestoreTarget;
  readonly backup: Backup | null;
  readonly environments: readonly EnvironmentSummary[];
}

/** The environment that the backup is of is not known here, or it is somebody else's dump. */
function ChooseTarget({ wanted, backup, environments }: ChooseTargetProps) {
  const fitting = environments.filter(
    ({ environment }) => backup === null || environment.connection.engine === backup.engine,
  );
  return (
    <div className="page">
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.restore}</h1>
      </div>
      <section className="panel">
        <EmptyState
          title={texts.toWhichEnvironment}
          actions={
            <NativeSelect
              aria-label={texts.environment}
              w={320}
              value=""
              onChange={(event) =>
                replaceRoute({ screen: 'restore', wanted: { ...wanted, environmentId: event.currentTarget.value } })
              }
              data={[
                { value: '', label: texts.choose, disabled: true },
                ...fitting.map(({ environment }) => ({ value: environment.id, label: environment.name })),
              ]}
            />
          }
        >
          {backup === null ? texts.theDumpIsLoadedBeside : texts.theBackupIsOfWhich(backup.environment)}
        </EmptyState>
      </section>
    </div>
  );
}

function NoSuchBackup() {
  return (
    <div className="page">
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.restore}</h1>
      </div>
      <section className="panel">
        <EmptyState
          title={texts.thisBackupIsNotIn}
          actions={
            <a className="link" href="#/backups">
              {texts.goToBackups}
            </a>
          }
        >
          {texts.itMayHaveBeenRemoved}
        </EmptyState>
      </section>
    </div>
  );
}
