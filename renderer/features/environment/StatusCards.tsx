/** The facts an admin looks at first; a value that could not be read again is kept and marked. */
import type { ReactNode } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { attentionStatuses } from '../../../shared/model/history.ts';
import type { LockInfo } from '../../../shared/model/lock.ts';
import type { StatusReport } from '../../../shared/model/status.ts';
import { BackupLadder } from '../../components/BackupLadder.tsx';
import { filled } from '../../components/filled.tsx';
import { Mark } from '../../components/Mark.tsx';
import { Age, Moment } from '../../components/Time.tsx';
import { formatBytes } from '../../format.ts';
import { readings } from '../../readings.ts';
import { type Resource, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { actionWords, migrationMarks, outcomeMarks, runningMark } from '../../texts.ts';
import { standingOf } from '../environments/standing.ts';
import { NextScheduled } from '../schedules/NextScheduled.tsx';
import { scheduleTexts } from '../schedules/texts.ts';
import { environmentTexts as texts } from './texts.ts';

interface StatusCardsProps {
  readonly summary: EnvironmentSummary;
  readonly status: Resource<StatusReport>;
}

export function StatusCards({ summary, status }: StatusCardsProps) {
  const { known, problem } = standingOf(summary, status);
  const schedules = useResource(readings.schedules(summary.environment.id)).data ?? [];
  const stale = problem === null ? null : (known?.at ?? null);
  return (
    <dl className="cards">
      <Card title={texts.version} stale={stale} noted>
        <span className="value mono clip" title={known?.current ?? ''}>
          {known === null ? '–' : (known.current ?? texts.none)}
        </span>
        <VersionSub report={status.data} summary={summary} />
      </Card>
      <Card title={texts.pending} stale={stale}>
        <span className="value number">{known === null ? '–' : known.pending}</span>
        <span className="sub">
          {known === null ? (
            texts.notReadYet2
          ) : known.pending === 0 ? (
            <>
              {texts.upToDateAt} <Moment at={known.at} />
            </>
          ) : (
            texts.toApply2
          )}
        </span>
      </Card>
      <Card title={texts.attention} stale={stale}>
        <Attention report={status.data} count={known?.attention ?? null} environmentId={summary.environment.id} />
      </Card>
      <Card title={texts.lock} stale={status.data === null ? null : stale}>
        <Lock lock={status.data?.lock ?? null} environmentId={summary.environment.id} />
      </Card>
      <Card title={texts.lastRun} stale={null}>
        <LastRun summary={summary} />
      </Card>
      <Card title={texts.lastBackup} stale={null}>
        <LastBackup summary={summary} />
      </Card>
      {schedules.length > 0 && (
        <Card title={scheduleTexts.nextScheduled} stale={null}>
          <NextScheduled schedules={schedules} />
        </Card>
      )}
    </dl>
  );
}

interface CardProps {
  readonly title: string;
  /** When its value was read, if it could not be read again. */
  readonly stale: string | null;
  /** Says that moment; on one card of a row is enough. */
  readonly noted?: boolean;
  readonly children: ReactNode;
}

function Card({ title, stale, noted = false, children }: CardProps) {
  return (
    <div className={stale === null ? 'panel card' : 'panel card stale'}>
      <dt>
        {title}
        {stale !== null && noted && (
          <span className="stale-note" title={texts.lastKnownItCouldNot}>
            {texts.asOf} <Moment at={stale} />
          </span>
        )}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function VersionSub({ report, summary }: { report: StatusReport | null; summary: EnvironmentSummary }) {
  if (report === null) return null;
  if (report.applicationVersion !== null || report.applications.length > 0)
    return (
      <span className="sub">
        {texts.application(report.applicationVersion ?? report.applications.at(-1)?.version ?? '')}
        {report.applications.length > 0 && (
          <>
            {' · '}
            <a
              className="link"
              href={formatRoute({ screen: 'environment', id: summary.environment.id, tab: 'versions', run: null })}
            >
              {texts.whatIsNew}
            </a>
          </>
        )}
      </span>
    );
  const newest = report.migrations.findLast((migration) => migration.path !== null);
  return (
    <span className="sub clip">
      {newest === undefined
        ? texts.theFolderIsEmpty
        : filled(texts.newestInTheFolder, { version: <span className="mono">{newest.version}</span> })}
    </span>
  );
}

interface AttentionProps {
  readonly report: StatusReport | null;
  readonly count: number | null;
  readonly environmentId: string;
}

function Attention({ report, count, environmentId }: AttentionProps) {
  if (count === null) return <span className="value">–</span>;
  const kinds = report === null ? [] : attentionStatuses.filter((status) => report.counts[status] > 0);
  const problems = report?.problems.length ?? 0;
  if (count === 0)
    return (
      <>
        <span className="value">0</span>
        <span className="sub">{texts.nothingStandsOut}</span>
      </>
    );
  return (
    <>
      <a
        className="value number attention link-value"
        href={formatRoute({ screen: 'environment', id: environmentId, tab: 'attention', run: null })}
        aria-label={texts.showWhatNeedsAttention(count)}
      >
        {count}
      </a>
      <span className="sub row wraps" style={{ gap: '0 8px' }}>
        {kinds.map((status) => (
          <Mark
            key={status}
            mark={{
              ...migrationMarks[status],
              word: `${report?.counts[status] ?? 0} ${migrationMarks[status].word.toLowerCase()}`,
            }}
            title={migrationMarks[status].meaning}
          />
        ))}
        {problems > 0 && texts.problems(problems)}
      </span>
    </>
  );
}

function Lock({ lock, environmentId }: { lock: LockInfo | null; environmentId: string }) {
  if (lock === null) return <span className="value">–</span>;
  if (!lock.held)
    return (
      <>
        <span className="value">{texts.free}</span>
        <span className="sub">{texts.nobodyMigratesHereNow}</span>
      </>
    );
  const holder = lock.holder;
  return (
    <>
      <a
        className="value attention link-value"
        href={formatRoute({ screen: 'environment', id: environmentId, tab: 'attention', run: null })}
      >
        {holder?.alive === false ? texts.leftBehind : texts.held}
      </a>
      <span className="sub clip">
        {[holder?.person, holder?.host].filter((part) => part != null).join(texts.on) ||
          holder?.process ||
          texts.byAnUnknownSession}
        {holder?.since != null && (
          <>
            {texts.since} <Moment at={holder.since} />
          </>
        )}
      </span>
    </>
  );
}

function LastRun({ summary: { lastRun } }: { summary: EnvironmentSummary }) {
  if (lastRun === null)
    return (
      <>
        <span className="value">–</span>
        <span className="sub">{texts.neverRunFromHere}</span>
      </>
    );
  return (
    <>
      <a className="value link-value" href={formatRoute({ screen: 'run', id: lastRun.id })}>
        <Mark mark={lastRun.outcome === null ? runningMark : outcomeMarks[lastRun.outcome]} />
      </a>
      <span className="sub clip">
        <Age at={lastRun.startedAt} /> · {actionWords[lastRun.action]} · {lastRun.actor}
      </span>
    </>
  );
}

function LastBackup({ summary: { lastBackup } }: { summary: EnvironmentSummary }) {
  if (lastBackup === null)
    return (
      <>
        <span className="value">–</span>
        <span className="sub">{texts.noneTakenFromHere}</span>
      </>
    );
  return (
    <>
      <span className="value">
        <BackupLadder level={lastBackup.level} />
      </span>
      <span className="sub clip">
        <Age at={lastBackup.takenAt} /> · {formatBytes(lastBackup.bytes)}
      </span>
    </>
  );
}
