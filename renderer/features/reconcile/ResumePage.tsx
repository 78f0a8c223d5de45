/** Going on with an interrupted run, or taking it back: what that would do, what the gate asks, then one button. */

import { Button } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary, ResumeView } from '../../../shared/contract/views.ts';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { hazardWords } from '../../components/HazardChips.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { navigate, replaceRoute } from '../../useRoute.ts';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { BackupChoice } from '../gate/BackupChoice.tsx';
import { GatePanel } from '../gate/GatePanel.tsx';
import { GateStops } from '../gate/GateStops.tsx';
import { type GateAnswers, givenAnswers, openAnswers, unanswered } from '../gate/gate.ts';
import { StartBar } from '../gate/StartBar.tsx';
import { PlanSteps } from '../migrate/PlanSteps.tsx';
import { StepFindings } from './StepFindings.tsx';
import { reconcileTexts as texts } from './texts.ts';
import './reconcile.css';

interface ResumePageProps {
  readonly run: string;
  readonly action: 'resume' | 'rollBack';
}

const titles = { resume: texts.goOnWithAnInterrupted, rollBack: texts.rollAnInterruptedRunBack } as const;

export default function ResumePage({ run, action }: ResumePageProps) {
  const stored = useResource(readings.run(run));
  const plan = useResource(readings.resumePlan(run, action));
  const { summary } = useEnvironment(stored.data?.environmentId ?? null);
  const problem = stored.problem ?? plan.problem;
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/runs">{texts.runs}</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'run', id: run })}>{run}</a>
      </nav>
      {summary === null ? (
        <h1 tabIndex={-1}>{titles[action]}</h1>
      ) : (
        <EnvironmentBanner environment={summary.environment} title={titles[action]} where={summary.url} />
      )}
      {problem !== null && (
        <ProblemNotice
          problem={problem}
          urgent
          actions={
            <Button size="xs" component="a" href={formatRoute({ screen: 'run', id: run })}>
              {texts.showTheRun}
            </Button>
          }
        />
      )}
      {plan.data === null && problem === null && <ReadingNotice>{texts.findingOutWhatTheRun}</ReadingNotice>}
      {plan.data !== null && summary !== null && (
        <Planned key={plan.data.plan.fingerprint} summary={summary} run={run} action={action} view={plan.data} />
      )}
    </div>
  );
}

interface PlannedProps extends ResumePageProps {
  readonly summary: EnvironmentSummary;
  readonly view: ResumeView;
}

function Planned({ summary, run, action, view }: PlannedProps) {
  const { environment } = summary;
  const { plan, reconciliation } = view;
  const [answers, setAnswers] = useState<GateAnswers>(() => unanswered(plan.gate.backup !== 'none'));
  const change = (part: Partial<GateAnswers>): void => setAnswers((before) => ({ ...before, ...part }));
  const starting = useAction(async () => {
    const started = await backend().runs.resume({
      id: run,
      action,
      fingerprint: plan.fingerprint,
      ...givenAnswers(answers),
    });
    replaceRoute({ screen: 'run', id: started.run });
  });
  const [problem] = plan.problems;
  return (
    <>
      {plan.problems.map((one) => (
        <ProblemNotice key={one.message} problem={one} urgent />
      ))}
      <GateStops gate={plan.gate} />
      <div className="gate-columns">
        <section className="column" aria-label={texts.steps}>
          <h2>{texts.foundSoFar}</h2>
          <StepFindings steps={reconciliation.steps} />
          <h2>{texts.toDo(texts.steps2(plan.steps.length))}</h2>
          <PlanSteps plan={plan} environmentId={environment.id} />
        </section>
        <div className="gate-side">
          <GatePanel gate={plan.gate} meaningOf={hazardWords} answers={answers} change={change}>
            <BackupChoice gate={plan.gate} answers={answers} change={change} />
          </GatePanel>
        </div>
      </div>
      {starting.problem !== null && (
        <ProblemNotice
          problem={starting.problem}
          urgent
          actions={
            <Button size="xs" onClick={() => void refresh(readings.resumePlan(run, action))}>
              {texts.lookAgain}
            </Button>
          }
        />
      )}
      <StartBar
        environment={environment}
        label={texts.on(
          action === 'resume' ? texts.goOnWith : texts.rollBack2,
          texts.steps2(plan.steps.length),
          environment.name,
        )}
        blocked={problem?.message ?? plan.gate.blocked?.message ?? null}
        open={openAnswers(plan.gate, answers)}
        busy={starting.busy}
        onStart={starting.run}
        onCancel={() => navigate({ screen: 'run', id: run })}
      />
    </>
  );
}
