/** What verifying the history found, what each finding means, and what can be done about it. */

import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { RepairOffers, RepairRequest } from '../../../shared/model/repair.ts';
import type { StatusReport } from '../../../shared/model/status.ts';
import type { VerifyReport } from '../../../shared/model/verification.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { readings } from '../../readings.ts';
import { type Resource, refresh, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { FindingLine } from './FindingLine.tsx';
import { LockPanel } from './LockPanel.tsx';
import { repairTexts as texts } from './texts.ts';
import './repair.css';

interface AttentionTabProps {
  readonly summary: EnvironmentSummary;
  readonly status: Resource<StatusReport>;
}

export default function AttentionTab({ summary, status }: AttentionTabProps) {
  const { id } = summary.environment;
  const verification = useResource(readings.verification(id));
  const offers = useResource(readings.repairs(id));
  const problem = verification.problem ?? offers.problem;
  const readAgain = (): void => {
    void refresh(readings.verification(id));
    void refresh(readings.repairs(id));
  };
  const report = verification.data;
  return (
    <div className="scrolls column wide">
      <LockPanel summary={summary} lock={status.data?.lock ?? null} />
      {problem !== null && problem.code !== status.problem?.code && (
        <ProblemNotice
          problem={problem}
          actions={
            <Button size="xs" loading={verification.loading} onClick={readAgain}>
              {texts.verifyAgain}
            </Button>
          }
        />
      )}
      {report === null ? (
        problem === null ? (
          <ReadingNotice>{texts.comparingFilesHistoryAndJournal}</ReadingNotice>
        ) : (
          <EmptyState title={texts.notVerified}>{texts.theMessageAboveSaysWhat}</EmptyState>
        )
      ) : (
        <Findings
          summary={summary}
          report={report}
          offers={offers.data}
          status={status.data}
          stale={verification.problem !== null}
          again={readAgain}
          reading={verification.loading}
        />
      )}
    </div>
  );
}

interface FindingsProps {
  readonly summary: EnvironmentSummary;
  readonly report: VerifyReport;
  readonly offers: RepairOffers | null;
  readonly status: StatusReport | null;
  readonly stale: boolean;
  readonly again: () => void;
  readonly reading: boolean;
}

function Findings({ summary, report, offers, status, stale, again, reading }: FindingsProps) {
  const { id, name } = summary.environment;
  const changed = report.findings.filter(({ kind }) => kind === 'changed').length;
  return (
    <>
      <div className="toolbar">
        <span className="second">
          {report.findings.length === 0 ? texts.nothingFound : texts.findings2(report.findings.length)} ·{' '}
          {texts.compared(report.verified, report.journaled)} ·{' '}
          {stale && <span className="stale-note">{texts.lastKnown} </span>}
          <Moment at={report.readAt} />
        </span>
        <span className="row push">
          {changed > 1 && (
            <Button component="a" size="xs" variant="default" href={repairHref(id, [{ action: 'updateChecksums' }])}>
              {texts.takeOverAllChecksums(changed)}
            </Button>
          )}
          <MoreCorrections id={id} status={status} />
          <Button size="xs" variant="default" loading={reading} onClick={again}>
            {texts.verifyAgain}
          </Button>
        </span>
      </div>
      {report.findings.length === 0 ? (
        <section className="panel">
          <EmptyState glyph="✓" title={texts.historyAndFilesAgree}>
            {texts.everyMigrationAppliedToHas(name)}
          </EmptyState>
        </section>
      ) : (
        <ul className="panel" aria-label={texts.findings}>
          {report.findings.map((finding) => (
            <FindingLine
              key={`${finding.kind} ${finding.version ?? ''} ${finding.path ?? ''} ${finding.detail}`}
              finding={finding}
              environmentId={id}
              offers={(offers?.offers ?? []).filter(({ version }) => version === finding.version)}
            />
          ))}
        </ul>
      )}
    </>
  );
}

const repairHref = (id: string, requests: readonly RepairRequest[]): string =>
  formatRoute({ screen: 'repair', id, requests });

/** What no finding asks for: taking over a database that existed before its tool. */
function MoreCorrections({ id, status }: { id: string; status: StatusReport | null }) {
  const pending = (status?.migrations ?? []).filter((migration) => migration.status === 'pending');
  if (pending.length === 0) return null;
  return (
    <Menu position="bottom-end" width={420}>
      <Menu.Target>
        <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} />}>
          {texts.baseline}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        <Menu.Label>{texts.countAsAppliedWithoutRunning}</Menu.Label>
        {pending.map(({ version, name }) => (
          <Menu.Item key={version} component="a" href={repairHref(id, [{ action: 'baseline', version }])}>
            <span className="mono">{version}</span> {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
