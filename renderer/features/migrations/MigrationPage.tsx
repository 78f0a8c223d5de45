/** One migration in one environment: its SQL, what is known of it, and its runs. */
import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { Target } from '../../../shared/model/plan.ts';
import type { MigrationDetail, StatusMigration } from '../../../shared/model/status.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemList } from '../../components/ProblemList.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { migrationMarks } from '../../texts.ts';
import { replaceRoute } from '../../useRoute.ts';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { RehearseButton } from '../rehearsal/RehearseButton.tsx';
import { RehearsingNow } from '../rehearsal/RehearsingNow.tsx';
import { useRehearsing } from '../rehearsal/useRehearsing.ts';
import { TrustNotice } from '../trust/TrustNotice.tsx';
import { CorrectionMenu } from './CorrectionMenu.tsx';
import { MigrationFacts } from './MigrationFacts.tsx';
import { RehearsalView, SchemaView } from './RehearsalView.tsx';
import { Scripts } from './Scripts.tsx';
import { useHazardWalk } from './useHazardWalk.ts';
import './migration.css';
import { migrationTexts as texts } from './texts.ts';

export default function MigrationPage({ id, version }: { id: string; version: string }) {
  const { summary, problem: unknown } = useEnvironment(id);
  const { detail, problem, isAnalysing } = useMigration(id, version);
  const all = useResource(readings.status(id)).data?.migrations ?? [];
  const position = all.findIndex((migration) => migration.version === version);
  const previous = all[position - 1];
  const next = position < 0 ? undefined : all[position + 1];
  const go = (to: StatusMigration | undefined) => () => {
    if (to !== undefined) replaceRoute({ screen: 'migration', id, version: to.version });
  };
  useCommand('migration.previous', go(previous), { enabled: previous !== undefined });
  useCommand('migration.next', go(next), { enabled: next !== undefined });
  if (summary === null)
    return (
      <div className="page">{unknown === null ? <Skeleton height={76} /> : <ProblemNotice problem={unknown} />}</div>
    );
  const canRollBack = detail?.reversible === true && (detail.status === 'applied' || detail.status === 'changed');
  return (
    <div className="page tall">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/environments">{texts.environments}</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'environment', id, tab: 'migrations', run: null })}>
          {summary.environment.name}
        </a>
        <span className="row push">
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconChevronLeft size={14} />}
            disabled={previous === undefined}
            onClick={go(previous)}
            aria-label={texts.previousMigration}
          >
            {texts.previous}
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            rightSection={<IconChevronRight size={14} />}
            disabled={next === undefined}
            onClick={go(next)}
            aria-label={texts.nextMigration}
          >
            {texts.next}
          </Button>
        </span>
      </nav>
      <EnvironmentBanner
        environment={summary.environment}
        title={detail === null ? version : `${detail.version} ${detail.name}`}
        where={detail?.metadata.description}
      >
        {detail !== null && <Mark mark={migrationMarks[detail.status]} title={migrationMarks[detail.status].meaning} />}
        {canRollBack && (
          <Button
            component="a"
            variant="default"
            href={formatRoute({ screen: 'migrate', id, target: { direction: 'down', version } })}
          >
            {texts.rollBack}
          </Button>
        )}
        {detail?.status === 'pending' && (
          <Button
            component="a"
            variant="default"
            href={formatRoute({ screen: 'migrate', id, target: { direction: 'up', to: version } })}
          >
            {texts.migrateUpToHere}
          </Button>
        )}
        {detail !== null && <CorrectionMenu detail={detail} environmentId={id} />}
      </EnvironmentBanner>
      {problem !== null && <ProblemNotice problem={problem} />}
      {detail === null && problem === null && <ReadingNotice>{texts.readingTheMigration}</ReadingNotice>}
      {isAnalysing && <ReadingNotice>{texts.analysingTheScript}</ReadingNotice>}
      {detail !== null && detail.trust !== null && <TrustNotice request={detail.trust} environmentId={id} />}
      {detail !== null && <ProblemList problems={detail.problems} tone="attention" />}
      {detail !== null && (
        <Looked key={detail.version} summary={summary} detail={detail} target={rehearsalTarget(detail)} />
      )}
    </div>
  );
}

/** What is known of it at once, and then with the analysis of its script where that takes its time. */
function useMigration(id: string, version: string) {
  const atOnce = useResource(readings.migration(id, version));
  const isLong = atOnce.data?.analysed === false;
  const analysed = useResource(isLong ? readings.analysedMigration(id, version) : null);
  return {
    detail: analysed.data ?? atOnce.data,
    problem: atOnce.problem ?? analysed.problem,
    isAnalysing: isLong && analysed.data === null && analysed.problem === null,
  };
}

/** What a rehearsal of it would be of: the way to it, or back from it. */
function rehearsalTarget({ status, version, reversible }: MigrationDetail): Target | null {
  if (['pending', 'outOfOrder', 'outdated', 'reverted', 'failed'].includes(status))
    return { direction: 'up', to: version };
  return reversible && (status === 'applied' || status === 'changed') ? { direction: 'down', version } : null;
}

const views = [
  { value: 'script', label: texts.script },
  { value: 'rehearsal', label: texts.rehearsal },
  { value: 'schema', label: texts.schemaBeforeAndAfter },
] as const;
type View = (typeof views)[number]['value'];

interface LookedProps {
  readonly summary: EnvironmentSummary;
  readonly detail: MigrationDetail;
  /** Null: there is nothing to rehearse. */
  readonly target: Target | null;
}

/** Its script, its rehearsal, or what that changes of the schema; and beside it what is known. */
function Looked({ summary, detail, target }: LookedProps) {
  const { id, connection } = summary.environment;
  const [view, setView] = useState<View>('script');
  const found = useResource(readings.migrationRehearsal(id, detail.version)).data?.found ?? null;
  const walk = useHazardWalk(detail.hazards, () => setView('script'));
  const rehearsing = useRehearsing(summary, target ?? { direction: 'up', to: detail.version });
  useCommand('migration.difference', () => setView(view === 'schema' ? 'script' : 'schema'));
  return (
    <>
      <div className="toolbar">
        <SegmentedControl
          size="xs"
          aria-label={texts.view}
          value={view}
          onChange={(value) => setView(views.find((one) => one.value === value)?.value ?? 'script')}
          data={[...views]}
        />
        {target !== null && (
          <span className="push">
            <RehearseButton
              summary={summary}
              rehearsing={rehearsing}
              label={found === null ? texts.rehearse : texts.rehearseAgain}
              primary
            />
          </span>
        )}
      </div>
      <RehearsingNow rehearsing={rehearsing} environment={summary.environment} />
      <div className="migration-columns">
        {view === 'script' && <Scripts detail={detail} engine={connection.engine} environmentId={id} at={walk.at} />}
        {view === 'rehearsal' && <RehearsalView found={found} engine={connection.engine} />}
        {view === 'schema' && <SchemaView found={found} />}
        <MigrationFacts detail={detail} found={found} walk={walk} />
      </div>
    </>
  );
}
