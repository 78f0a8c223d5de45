/** Every entry that would be written, what cannot be carried, and the gate. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AdoptView, EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { AdoptedRow, AdoptRequest } from '../../../shared/model/adoption.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { filled } from '../../components/filled.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { adoptedSqlMarks, matchWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';
import { BackupChoice } from '../gate/BackupChoice.tsx';
import { GatePanel } from '../gate/GatePanel.tsx';
import { GateStops } from '../gate/GateStops.tsx';
import { type GateAnswers, givenAnswers, openAnswers, unanswered } from '../gate/gate.ts';
import { StartBar } from '../gate/StartBar.tsx';
import { RowsTable } from './RowsTable.tsx';
import { adoptionTexts as texts } from './texts.ts';

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
        <EmptyState glyph="✓" title={texts.theHistoriesAgree}>
          {texts.hasEveryMigrationThatHas(plan.to.title, plan.from.title)}
        </EmptyState>
      </section>
    );
  return (
    <>
      <GateStops gate={plan.gate} />
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
              {texts.showItAsItIs}
            </Button>
          }
        />
      )}
      <StartBar
        environment={environment}
        label={texts.moveOfTo(texts.entries(written.length), environment.name, plan.to.title)}
        blocked={plan.gate.blocked === null ? null : texts.thisHistoryCannotBeMoved}
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
    <section className="column wide" aria-label={texts.whatWouldBeWritten}>
      <h2>
        {filled(texts.entriesFor, {
          entries: texts.entries(written),
          table: <span className="mono">{plan.to.historyTable}</span>,
          tool: plan.to.title,
          fromTable: <span className="mono">{plan.from.historyTable}</span>,
          fromTool: plan.from.title,
        })}
      </h2>
      <div className="panel">
        <RowsTable label={texts.entries2} columns={columns} rows={plan.rows} keyOf={(row) => row.version} />
      </div>
      {plan.pending.length > 0 && (
        <p>
          {texts.pendingThere} <span className="mono">{plan.pending.join(', ')}</span>
        </p>
      )}
      {plan.files.length > 0 && (
        <p>
          {filled(texts.in, {
            newFiles: texts.newFiles(plan.files.length),
            source: <span className="mono">{plan.to.source}</span>,
          })}
        </p>
      )}
      <p>
        {filled(texts.goesOnWithUntil, {
          environment: plan.environment,
          tool: plan.from.title,
          link: (
            <a className="link" href={formatRoute({ screen: 'connect', id })}>
              {texts.anotherFolderIsChosen}
            </a>
          ),
        })}
      </p>
      {plan.notCarried.length > 0 && (
        <div className="panel">
          <div className="panel-head">
            <h2>{texts.whatIsNotCarriedOver}</h2>
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
    title: texts.entry,
    cell: (row: AdoptedRow) => (
      <>
        <span className="mono strong">{row.version}</span> {row.name}
      </>
    ),
  },
  {
    title: texts.standsFor,
    cell: (row: AdoptedRow) => (
      <>
        <span className="mono">{row.from.version}</span> {row.from.name}
      </>
    ),
  },
  { title: texts.matchedBy, cell: (row: AdoptedRow) => matchWords[row.matchedBy] },
  { title: texts.sql, cell: (row: AdoptedRow) => <Mark mark={adoptedSqlMarks[row.sql]} /> },
  {
    title: texts.applied,
    cell: (row: AdoptedRow) =>
      row.there ? texts.isThereAlready : row.appliedAt === null ? '' : <Moment at={row.appliedAt} />,
  },
];
