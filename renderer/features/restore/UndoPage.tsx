/** Undoing a restore: the database that was kept aside comes back. */
import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { UndoPlan } from '../../../shared/model/restore.ts';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { ProblemList } from '../../components/ProblemList.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { navigate, replaceRoute } from '../../useRoute.ts';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { openDialog } from '../environments/dialogs.ts';
import { GatePanel } from '../gate/GatePanel.tsx';
import { GateStops } from '../gate/GateStops.tsx';
import { type GateAnswers, givenAnswers, openAnswers, unanswered } from '../gate/gate.ts';
import { StartBar } from '../gate/StartBar.tsx';
import { BackupNow } from './PlannedRestore.tsx';
import { meaningIn } from './restoreFacts.ts';
import { SessionsPanel } from './SessionsPanel.tsx';
import './restore.css';
import { restoreTexts as texts } from './texts.ts';

export default function UndoPage({ run }: { run: string }) {
  const reading = readings.undoPlan(run);
  const plan = useResource(reading);
  const { summary } = useEnvironment(useResource(readings.run(run)).data?.environmentId ?? null);
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/runs">{texts.runs2}</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'run', id: run })}>{texts.theRestore}</a>
      </nav>
      {summary === null ? (
        <h1 tabIndex={-1}>{texts.undoTheRestore}</h1>
      ) : (
        <EnvironmentBanner environment={summary.environment} title={texts.undoTheRestore} where={summary.url} />
      )}
      {plan.problem !== null && (
        <ProblemNotice
          problem={plan.problem}
          urgent
          actions={
            plan.problem.code === 'connect.secretMissing' && summary !== null ? (
              <Button size="xs" onClick={() => openDialog({ kind: 'unlock', summary })}>
                {texts.enterPassword}
              </Button>
            ) : (
              <Button size="xs" loading={plan.loading} onClick={() => void refresh(reading)}>
                {texts.lookAgain}
              </Button>
            )
          }
        />
      )}
      {plan.data === null && plan.problem === null && <Skeleton height={160} />}
      {plan.data !== null && plan.problem === null && summary !== null && (
        <PlannedUndo plan={plan.data} summary={summary} />
      )}
    </div>
  );
}

function PlannedUndo({ plan, summary }: { plan: UndoPlan; summary: EnvironmentSummary }) {
  const { environment } = summary;
  const swapped = plan.restore.stage === 'swapped';
  const [answers, setAnswers] = useState<GateAnswers>(() => unanswered(swapped && plan.gate.backup !== 'none'));
  const change = (part: Partial<GateAnswers>): void => setAnswers((before) => ({ ...before, ...part }));
  const starting = useAction(async () => {
    const { run } = await backend().backups.undoRestore({ run: plan.run, ...givenAnswers(answers) });
    replaceRoute({ screen: 'run', id: run });
  });
  const blocked = plan.problems.length > 0 || plan.gate.blocked !== null;
  return (
    <>
      <ProblemList problems={plan.problems} urgent />
      <GateStops gate={plan.gate} />
      <div className="gate-columns">
        <div className="column wide">
          <UndoNames plan={plan} />
          {plan.sessions.length > 0 && <SessionsPanel sessions={plan.sessions} database={plan.restore.live} />}
        </div>
        <div className="gate-side">
          {swapped && <BackupNow gate={plan.gate} answers={answers} change={change} />}
          {!blocked && (
            <GatePanel
              gate={plan.gate}
              meaningOf={(code) => meaningIn(plan.hazards, code)}
              answers={answers}
              change={change}
            />
          )}
        </div>
      </div>
      {starting.problem !== null && (
        <ProblemNotice
          problem={starting.problem}
          urgent
          actions={
            <Button size="xs" onClick={() => void refresh(readings.undoPlan(plan.run))}>
              {texts.showItAsItIs}
            </Button>
          }
        />
      )}
      <StartBar
        environment={environment}
        label={texts.undoTheRestoreOf(environment.name)}
        blocked={blocked ? texts.thisCannotBeUndone : null}
        open={openAnswers(plan.gate, answers)}
        busy={starting.busy}
        onStart={starting.run}
        onCancel={() => navigate({ screen: 'run', id: plan.run })}
      />
    </>
  );
}

function UndoNames({ plan: { restore } }: { plan: UndoPlan }) {
  const swapped = restore.stage === 'swapped';
  return (
    <section className="panel" aria-label={texts.whatItDoes}>
      <div className="panel-head">
        <h2>{texts.whatItDoes}</h2>
      </div>
      <div className="panel-body column wide">
        <p>{swapped ? texts.theDatabaseThatWasKept : texts.whatTheInterruptedRestoreHas}</p>
        <dl className="facts">
          <dt>{texts.liveAgain}</dt>
          <dd className="mono">{restore.live}</dd>
          <dt>{texts.keptAsideSinceTheRestore}</dt>
          <dd className="mono">{restore.kept}</dd>
          <dt>{texts.theRestoredOneGoesBack}</dt>
          <dd className="mono">{restore.restored}</dd>
        </dl>
      </div>
    </section>
  );
}
