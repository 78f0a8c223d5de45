/** One environment: where it stands, what is planned, what was done. */
import { Button, Skeleton, Tabs } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { type EnvironmentTab, formatRoute } from '../../router.ts';
import { replaceRoute } from '../../useRoute.ts';
import { openDialog } from '../environments/dialogs.ts';
import { standingOf } from '../environments/standing.ts';
import { BackupsTab } from './BackupsTab.tsx';
import { EnvironmentHead } from './EnvironmentHead.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import { LogTab } from './LogTab.tsx';
import { MigrationsTab } from './MigrationsTab.tsx';
import { PlanTab } from './PlanTab.tsx';
import { StatusCards } from './StatusCards.tsx';
import { environmentTexts as texts } from './texts.ts';
import { useEnvironment } from './useEnvironment.ts';
import './environment.css';

const SettingsTab = lazy(() => import('../settings/SettingsTab.tsx'));
const ActivityTab = lazy(() => import('../activity/ActivityTab.tsx'));
const SchemaTab = lazy(() => import('../schema/SchemaTab.tsx'));
const VersionsTab = lazy(() => import('../compatibility/VersionsTab.tsx'));
const AttentionTab = lazy(() => import('../repair/AttentionTab.tsx'));

interface EnvironmentPageProps {
  readonly id: string;
  readonly tab: EnvironmentTab;
  readonly run: string | null;
}

const tabTitles: Readonly<Record<EnvironmentTab, string>> = {
  plan: texts.plan,
  migrations: texts.allMigrations,
  attention: texts.attention,
  schema: texts.schema,
  versions: texts.versions,
  activity: texts.activity,
  history: texts.history,
  log: texts.log,
  backups: texts.backups,
  settings: texts.settings,
};

export function EnvironmentPage({ id, tab, run }: EnvironmentPageProps) {
  const { summary, problem } = useEnvironment(id);
  const hasSource = summary !== null && summary.environment.source !== null;
  const status = useResource(hasSource ? readings.status(id) : null);
  if (summary === null)
    return (
      <div className="page">
        {problem === null ? <Skeleton height={76} radius="md" /> : <ProblemNotice problem={problem} />}
      </div>
    );
  const attention = standingOf(summary, status).known?.attention ?? 0;
  const badge = attention === 0 ? null : <span className="tab-count">{attention}</span>;
  return (
    <div className="page tall">
      <EnvironmentHead summary={summary} status={status} />
      {status.problem !== null && (
        <ProblemNotice
          problem={status.problem}
          actions={
            status.problem.code === 'connect.secretMissing' ? (
              <Button size="xs" onClick={() => openDialog({ kind: 'unlock', summary })}>
                {texts.enterPassword}
              </Button>
            ) : (
              <Button size="xs" loading={status.loading} onClick={() => void refresh(readings.status(id))}>
                {texts.readAgain}
              </Button>
            )
          }
        />
      )}
      <StatusCards summary={summary} status={status} />
      {hasSource ? (
        <Tabs
          value={tab}
          keepMounted={false}
          className="environment-tabs"
          onChange={(value) => {
            const next = (Object.keys(tabTitles) as EnvironmentTab[]).find((name) => name === value);
            if (next !== undefined) replaceRoute({ screen: 'environment', id, tab: next, run: null });
          }}
        >
          <Tabs.List aria-label={summary.environment.name}>
            {(Object.keys(tabTitles) as EnvironmentTab[]).map((name) => (
              <Tabs.Tab key={name} value={name} {...(name === 'attention' ? { rightSection: badge } : {})}>
                {tabTitles[name]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="plan" tabIndex={-1}>
            <PlanTab summary={summary} shownProblem={status.problem} />
          </Tabs.Panel>
          <Tabs.Panel value="migrations" tabIndex={-1}>
            <MigrationsTab summary={summary} status={status} />
          </Tabs.Panel>
          <Tabs.Panel value="attention" tabIndex={-1}>
            <Suspense fallback={<Skeleton height={120} />}>
              <AttentionTab summary={summary} status={status} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="schema" tabIndex={-1}>
            <Suspense fallback={<Skeleton height={120} />}>
              <SchemaTab summary={summary} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="versions" tabIndex={-1}>
            <Suspense fallback={<Skeleton height={120} />}>
              <VersionsTab summary={summary} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="activity" tabIndex={-1}>
            <Suspense fallback={<Skeleton height={120} />}>
              <ActivityTab summary={summary} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="history" tabIndex={-1}>
            <HistoryTab summary={summary} />
          </Tabs.Panel>
          <Tabs.Panel value="log" tabIndex={-1}>
            <LogTab summary={summary} run={run} />
          </Tabs.Panel>
          <Tabs.Panel value="backups" tabIndex={-1}>
            <BackupsTab summary={summary} />
          </Tabs.Panel>
          <Tabs.Panel value="settings" tabIndex={-1}>
            <Suspense fallback={<Skeleton height={120} />}>
              <SettingsTab summary={summary} />
            </Suspense>
          </Tabs.Panel>
        </Tabs>
      ) : (
        <NoSource summary={summary} />
      )}
    </div>
  );
}

function NoSource({ summary }: { summary: EnvironmentSummary }) {
  return (
    <section className="panel">
      <EmptyState
        title={texts.noMigrationFolderYet}
        actions={
          <Button component="a" href={formatRoute({ screen: 'connect', id: summary.environment.id })}>
            {texts.chooseTheFolder}
          </Button>
        }
      >
        {texts.chooseTheFolderYourTeam}
      </EmptyState>
    </section>
  );
}
