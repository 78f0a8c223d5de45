/** One migration in one environment: its SQL, what is known of it, and its runs. */
import { Button, Skeleton } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { StatusMigration } from '../../../shared/model/status.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemList } from '../../components/ProblemList.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { migrationMarks } from '../../texts.ts';
import { replaceRoute } from '../../useRoute.ts';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { TrustNotice } from '../trust/TrustNotice.tsx';
import { CorrectionMenu } from './CorrectionMenu.tsx';
import { MigrationFacts } from './MigrationFacts.tsx';
import { Scripts } from './Scripts.tsx';
import './migration.css';

export default function MigrationPage({ id, version }: { id: string; version: string }) {
  const { summary, problem: unknown } = useEnvironment(id);
  const { data: detail, problem } = useResource(readings.migration(id, version));
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
      <nav className="crumbs" aria-label="Place">
        <a href="#/environments">Environments</a>
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
            aria-label="Previous migration"
          >
            Previous
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            rightSection={<IconChevronRight size={14} />}
            disabled={next === undefined}
            onClick={go(next)}
            aria-label="Next migration"
          >
            Next
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
            Roll back…
          </Button>
        )}
        {detail?.status === 'pending' && (
          <Button component="a" href={formatRoute({ screen: 'migrate', id, target: { direction: 'up', to: version } })}>
            Migrate up to here…
          </Button>
        )}
        {detail !== null && <CorrectionMenu detail={detail} environmentId={id} />}
      </EnvironmentBanner>
      {problem !== null && <ProblemNotice problem={problem} />}
      {detail !== null && detail.trust !== null && <TrustNotice request={detail.trust} environmentId={id} />}
      {detail !== null && <ProblemList problems={detail.problems} tone="attention" />}
      {detail !== null && (
        <div className="migration-columns">
          <Scripts detail={detail} engine={summary.environment.connection.engine} environmentId={id} />
          <MigrationFacts detail={detail} />
        </div>
      )}
    </div>
  );
}
