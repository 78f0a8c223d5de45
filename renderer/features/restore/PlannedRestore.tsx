import { Button, Radio } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { RestorePlan } from '../../../shared/model/restore.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { readings, restoreWanted } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import type { RestoreTarget } from '../../router.ts';
import { gateBackupWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { navigate, replaceRoute } from '../../useRoute.ts';
import { GatePanel } from '../gate/GatePanel.tsx';
import { GateStops } from '../gate/GateStops.tsx';
import { type Gate, type GateAnswers, givenAnswers, openAnswers, unanswered } from '../gate/gate.ts';
import { StartBar } from '../gate/StartBar.tsx';
import { LossPanel } from './LossPanel.tsx';
import { NamesPanel } from './NamesPanel.tsx';
import { RestoreStages } from './RestoreStages.tsx';
import { meaningIn, restoreLabel } from './restoreFacts.ts';
import { SessionsPanel } from './SessionsPanel.tsx';
import { restoreTexts as texts } from './texts.ts';

interface PlannedRestoreProps {
  readonly wanted: RestoreTarget;
  readonly plan: RestorePlan;
  readonly summary: EnvironmentSummary;
}

export function PlannedRestore({ wanted, plan, summary }: PlannedRestoreProps) {
  const { environment } = summary;
  const swaps = plan.placement === 'swap';
  const [answers, setAnswers] = useState<GateAnswers>(() => unanswered(swaps && plan.gate.backup !== 'none'));
  const change = (part: Partial<GateAnswers>): void => setAnswers((before) => ({ ...before, ...part }));
  const starting = useAction(async () => {
    const { run } = await backend().backups.restore({
      ...restoreWanted(environment.id, wanted),
      ...givenAnswers(answers),
    });
    replaceRoute({ screen: 'run', id: run });
  });
  const blocked = plan.problems.length > 0 || plan.gate.blocked !== null;
  return (
    <>
      <RestoreStages plan={plan} backsUp={answers.backup} blocked={blocked} />
      {plan.problems.map((problem) => (
        <ProblemNotice
          key={`${problem.code} ${problem.message}`}
          problem={problem}
          urgent
          actions={
            problem.code === 'restore.rights' && (
              <Button
                size="xs"
                onClick={() => replaceRoute({ screen: 'restore', wanted: { ...wanted, placement: 'into' } })}
              >
                {texts.restoreIntoADatabaseMade}
              </Button>
            )
          }
        />
      ))}
      <GateStops gate={plan.gate} />
      {plan.warnings.map((warning) => (
        <p key={warning} className="problem small" data-tone="attention">
          {warning}
        </p>
      ))}
      <div className="gate-columns">
        <div className="column wide">
          <LossPanel plan={plan} />
          <NamesPanel plan={plan} />
          {plan.sessions.length > 0 && <SessionsPanel sessions={plan.sessions} database={plan.live} />}
        </div>
        <div className="gate-side">
          {swaps && <BackupNow gate={plan.gate} answers={answers} change={change} />}
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
            <Button size="xs" onClick={() => void refresh(readings.restorePlan(environment.id, wanted))}>
              {texts.showThePlanAsIt}
            </Button>
          }
        />
      )}
      <StartBar
        environment={environment}
        label={restoreLabel(plan)}
        blocked={blocked ? texts.thisRestoreCannotBeStarted : null}
        open={openAnswers(plan.gate, answers)}
        busy={starting.busy}
        onStart={starting.run}
        onCancel={() => navigate({ screen: 'environment', id: environment.id, tab: 'backups', run: null })}
      />
    </>
  );
}

interface BackupNowProps {
  readonly gate: Gate;
  readonly answers: GateAnswers;
  readonly change: (part: Partial<GateAnswers>) => void;
}

/** What is there now is kept by the swap in any case; an archive of it is the stronger promise. */
export function BackupNow({ gate, answers, change }: BackupNowProps) {
  return (
    <section className="panel" aria-label={texts.backup}>
      <div className="panel-head">
        <h2>{texts.whatIsThereNow}</h2>
        <span className="push small dim">
          {gateBackupWords[gate.backup]}
          {gate.backup === 'none' ? '' : texts.isRequired}
        </span>
      </div>
      <div className="panel-body">
        <Radio.Group
          value={answers.backup ? 'take' : 'skip'}
          onChange={(value) => change({ backup: value === 'take' })}
          aria-label={texts.backupBeforeTheRestore}
        >
          <div className="column">
            <Radio value="take" label={texts.backItUpFirstAnd} />
            <Radio
              value="skip"
              label={texts.onlyKeepItAside}
              description={
                gate.backup === 'none' ? texts.theDatabaseItselfStaysUnder : texts.theDatabaseItselfStaysUnder2
              }
            />
          </div>
        </Radio.Group>
      </div>
    </section>
  );
}
