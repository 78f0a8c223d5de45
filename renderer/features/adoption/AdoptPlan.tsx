/** Every entry that would be written, what cannot be carried, and the gate. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AdoptView, EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { AdoptedRow, AdoptRequest } from '../../../shared/model/adoption.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { backend } from '../../connection.ts';
import { formatCount } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { adoptedSqlMarks, matchWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';
import { BackupChoice } from '../gate/BackupChoice.tsx';
import { GatePanel } from '../gate/GatePanel.tsx';
import { type GateAnswers, givenAnswers, openAnswers, unanswered } from '../gate/gate.ts';
import { StartBar } from '../gate/StartBar.tsx';
import { RowsTable } from './RowsTable.tsx';

interface AdoptPlanProps {
  readonly summary: EnvironmentSummary;
  readonly wanted: AdoptRequest;
  readonly plan: AdoptView;
}

export function AdoptPlan({ summary, wanted, plan }: AdoptPlanProps) {
  const { environment } = summary;
  const written = plan.rows.filter(({ there }) => !there);
  const [answers, setAnswers] = useState<GateAnswers>(() => unanswered(plan.gate.backup !== 'none'));
  const change = (part: Partial<GateAnswers>): void => setAnswers((before) => ({ ...before, ...part }));
  const starting = useAction(async () => {
    const { run } = await backend().runs.adopt({
      environmentId: environment.id,
      ...wanted,
      fingerprint: plan.fingerprint,
      ...givenAnswers(answers),
    });
    navigate({ screen: 'run', id: run });
  });
  if (written.length === 0)
    return (
      <section className="panel">
        <EmptyState glyph="✓" title="The histories agree">
          {plan.to.title} has every migration that {plan.from.title} has as applied.
        </EmptyState>
      </section>
    );
  return (
    <>
      {plan.gate.blocked !== null && <ProblemNotice problem={plan.gate.blocked} urgent />}
      <div className="gate-columns">
        <PlanFacts plan={plan} written={written.length} id={environment.id} />
        <div className="gate-side">
          {plan.gate.blocked === null && (
            <GatePanel
              gate={plan.gate}
              meaningOf={(code) => plan.hazards[code] ?? ''}
              answers={answers}
              change={change}
            >
              <BackupChoice gate={plan.gate} answers={answers} change={change} />
            </GatePanel>
          )}
        </div>
      </div>
      {starting.problem !== null && (
        <ProblemNotice
          problem={starting.problem}
          urgent
          actions={
            <Button size="xs" onClick={() => void refresh(readings.adoptPlan(environment.id, wanted))}>
              Show it as it is now
            </Button>
          }
        />
      )}
      <StartBar
        environment={environment}
        label={`Move ${formatCount(written.length, 'entry', 'entries')} of ${environment.name} to ${plan.to.title}`}
        blocked={plan.gate.blocked === null ? null : 'This history cannot be moved'}
        open={openAnswers(plan.gate, answers)}
        busy={starting.busy}
        onStart={starting.run}
        onCancel={() => navigate({ screen: 'environment', id: environment.id, tab: 'plan', run: null })}
      />
    </>
  );
}

function PlanFacts({ plan, written, id }: { plan: AdoptView; written: number; id: string }) {
  return (
    <section className="column wide" aria-label="What would be written">
      <h2>
        {formatCount(written, 'entry', 'entries')} for <span className="mono">{plan.to.historyTable}</span> of{' '}
        {plan.to.title}, from <span className="mono">{plan.from.historyTable}</span> of {plan.from.title}
      </h2>
      <div className="panel">
        <RowsTable label="Entries" columns={columns} rows={plan.rows} keyOf={(row) => row.version} />
      </div>
      {plan.pending.length > 0 && (
        <p>
          Pending there: <span className="mono">{plan.pending.join(', ')}</span>
        </p>
      )}
      {plan.files.length > 0 && (
        <p>
          {formatCount(plan.files.length, 'new file')} in <span className="mono">{plan.to.source}</span>
        </p>
      )}
      <p>
        {plan.environment} goes on with {plan.from.title} until{' '}
        <a className="link" href={formatRoute({ screen: 'connect', id })}>
          another folder is chosen
        </a>
        .
      </p>
      {plan.notCarried.length > 0 && (
        <div className="panel">
          <div className="panel-head">
            <h2>What is not carried over</h2>
          </div>
          <ul className="panel-body bullets">
            {plan.notCarried.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

const columns = [
  {
    title: 'Entry',
    cell: (row: AdoptedRow) => (
      <>
        <span className="mono strong">{row.version}</span> {row.name}
      </>
    ),
  },
  {
    title: 'Stands for',
    cell: (row: AdoptedRow) => (
      <>
        <span className="mono">{row.from.version}</span> {row.from.name}
      </>
    ),
  },
  { title: 'Matched by', cell: (row: AdoptedRow) => matchWords[row.matchedBy] },
  { title: 'SQL', cell: (row: AdoptedRow) => <Mark mark={adoptedSqlMarks[row.sql]} /> },
  {
    title: 'Applied',
    cell: (row: AdoptedRow) =>
      row.there ? 'is there already' : row.appliedAt === null ? '' : <Moment at={row.appliedAt} />,
  },
];
