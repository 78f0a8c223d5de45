/** Check, back up, verify, migrate: everything about one run before it starts, on a page of its own. */

import { Button, Checkbox, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary, PlanView } from '../../../shared/contract/views.ts';
import type { Target } from '../../../shared/model/plan.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { filled } from '../../components/filled.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { backend } from '../../connection.ts';
import { formatDuration } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { navigate, replaceRoute } from '../../useRoute.ts';
import { approvalsFor } from '../approval/planFile.ts';
import { SavePlanFile } from '../approval/SavePlanFile.tsx';
import { approvalTexts } from '../approval/texts.ts';
import { PlannedBundle } from '../bundles/PlannedBundle.tsx';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { openDialog } from '../environments/dialogs.ts';
import { GatePanel } from '../gate/GatePanel.tsx';
import { GateStops } from '../gate/GateStops.tsx';
import { givenAnswers, unanswered } from '../gate/gate.ts';
import { StartBar } from '../gate/StartBar.tsx';
import { GateRehearsal } from '../rehearsal/GateRehearsal.tsx';
import { BackupPanel } from './BackupPanel.tsx';
import { PlanProblems } from './PlanProblems.tsx';
import { PlanSteps } from './PlanSteps.tsx';
import { PlanTools } from './PlanTools.tsx';
import {
  askedAlso,
  isBlocked,
  meaningOfHazard,
  openQuestions,
  type PlanAnswers,
  planDuration,
  startLabel,
} from './planFacts.ts';
import { Stages } from './Stages.tsx';
import { migrateTexts as texts } from './texts.ts';

interface MigratePageProps {
  readonly id: string;
  readonly target: Target;
  /** Codes to accept beside the plan's own. */
  readonly accept: readonly string[];
}

export default function MigratePage({ id, target, accept }: MigratePageProps) {
  const { summary, problem } = useEnvironment(id);
  const reading = readings.plan(id, target);
  const plan = useResource(reading);
  if (summary === null)
    return (
      <div className="page">{problem === null ? <Skeleton height={76} /> : <ProblemNotice problem={problem} />}</div>
    );
  const verb = target.direction === 'up' ? texts.backUpAndMigrate : texts.rollBack;
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/environments">{texts.environments}</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'environment', id, tab: 'plan', run: null })}>{summary.environment.name}</a>
      </nav>
      <EnvironmentBanner
        environment={summary.environment}
        title={verb}
        where={
          plan.data === null ? (
            summary.url
          ) : (
            <PlanPlace plan={plan.data} isFile={summary.environment.connection.engine === 'sqlite'} />
          )
        }
      >
        <PlanTools id={id} target={target} />
      </EnvironmentBanner>
      {target.bundle !== undefined && <PlannedBundle digest={target.bundle} summary={summary} />}
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
              <Button size="xs" loading={plan.loading} onClick={() => void refresh(reading)}>
                {texts.planAgain}
              </Button>
            )
          }
        />
      )}
      {plan.data === null && plan.problem === null && <ReadingNotice>{texts.comparingTheFolderWithThe}</ReadingNotice>}
      {plan.data !== null &&
        plan.problem === null &&
        (plan.data.steps.length === 0 && plan.data.problems.length === 0 ? (
          <NothingToDo summary={summary} />
        ) : (
          <Planned key={plan.data.fingerprint} summary={summary} plan={askedAlso(plan.data, accept)} target={target} />
        ))}
    </div>
  );
}

function Planned({ summary, plan, target }: { summary: EnvironmentSummary; plan: PlanView; target: Target }) {
  const { id } = summary.environment;
  const [answers, setAnswers] = useState<PlanAnswers>({
    ...unanswered(plan.backup !== null),
    continueOnError: false,
  });
  const change = (part: Partial<PlanAnswers>): void => setAnswers((before) => ({ ...before, ...part }));
  const starting = useAction(async () => {
    const { run } = await backend().runs.start({
      environmentId: id,
      target,
      fingerprint: plan.fingerprint,
      ...givenAnswers(answers),
      continueOnError: answers.continueOnError,
      ...approvalsFor(id),
    });
    replaceRoute({ screen: 'run', id: run });
  });
  const duration = planDuration(plan);
  return (
    <>
      <Stages plan={plan} answers={answers} />
      <PlanProblems plan={plan} summary={summary} bundle={target.bundle ?? null} urgent />
      <GateStops gate={plan.gate} forApproval={<SavePlanFile id={id} target={target} label={approvalTexts.ask} />} />
      <div className="gate-columns">
        <section className="column" aria-label={texts.steps}>
          <h2>
            {texts.steps2(plan.steps.length)}
            {duration !== null && <span className="dim"> {texts.about(formatDuration(duration))}</span>}
          </h2>
          <PlanSteps plan={plan} environmentId={target.bundle === undefined ? id : null} />
        </section>
        <div className="gate-side">
          <GateRehearsal summary={summary} plan={plan} target={target} answers={answers} change={change} />
          <BackupPanel summary={summary} plan={plan} answers={answers} change={change} />
          {!isBlocked(plan) && (
            <GatePanel
              gate={plan.gate}
              meaningOf={(code) => meaningOfHazard(plan, code)}
              answers={answers}
              change={change}
            >
              {plan.steps.length > 1 && (
                <Checkbox
                  checked={answers.continueOnError}
                  onChange={(event) => change({ continueOnError: event.currentTarget.checked })}
                  label={texts.goOnAfterAStep}
                  description={texts.usuallyTheFirstFailureEnds}
                />
              )}
            </GatePanel>
          )}
        </div>
      </div>
      {starting.problem !== null && (
        <ProblemNotice
          problem={starting.problem}
          urgent
          actions={
            <Button size="xs" onClick={() => void refresh(readings.plan(id, target))}>
              {texts.showThePlanAsIt}
            </Button>
          }
        />
      )}
      <StartBar
        environment={summary.environment}
        label={startLabel(plan, answers)}
        blocked={isBlocked(plan) || plan.steps.length === 0 ? texts.thisPlanCannotBeStarted : null}
        open={openQuestions(plan, answers)}
        busy={starting.busy}
        onStart={starting.run}
        onCancel={() =>
          navigate(
            target.bundle === undefined
              ? { screen: 'environment', id, tab: 'plan', run: null }
              : { screen: 'bundles', digest: target.bundle, environmentId: id },
          )
        }
      />
    </>
  );
}

function PlanPlace({ plan, isFile }: { plan: PlanView; isFile: boolean }) {
  if (isFile) return <>{texts.file(plan.server.replace(/^sqlite:/, ''))}</>;
  return (
    <>
      {filled(texts.serverDatabase, {
        server: <strong>{plan.server}</strong>,
        database: <strong>{plan.database}</strong>,
      })}
    </>
  );
}

function NothingToDo({ summary }: { summary: EnvironmentSummary }) {
  const { id, name } = summary.environment;
  const backingUp = useAction(async () => {
    const { run } = await backend().backups.create({ environmentId: id });
    replaceRoute({ screen: 'run', id: run });
  });
  return (
    <section className="panel">
      <EmptyState
        glyph="✓"
        title={texts.nothingToDo}
        actions={
          <>
            <Button
              component="a"
              variant="default"
              href={formatRoute({ screen: 'environment', id, tab: 'plan', run: null })}
            >
              {texts.backTo(name)}
            </Button>
            <Button variant="default" loading={backingUp.busy} onClick={backingUp.run}>
              {texts.backUpOnly}
            </Button>
          </>
        }
      >
        {texts.theFolderAndTheHistory(name)}
      </EmptyState>
      {backingUp.problem !== null && <ProblemNotice problem={backingUp.problem} urgent />}
    </section>
  );
}
