/** A correction of the history before it is written: what it means, what the file says, what the gate asks. */

import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary, RepairView } from '../../../shared/contract/views.ts';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { RepairChange, RepairRequest } from '../../../shared/model/repair.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { repairWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { navigate, replaceRoute } from '../../useRoute.ts';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { openDialog } from '../environments/dialogs.ts';
import { BackupChoice } from '../gate/BackupChoice.tsx';
import { GatePanel } from '../gate/GatePanel.tsx';
import { GateStops } from '../gate/GateStops.tsx';
import { type GateAnswers, givenAnswers, openAnswers, unanswered } from '../gate/gate.ts';
import { StartBar } from '../gate/StartBar.tsx';
import { ChecksumExplainer } from './ChecksumExplainer.tsx';
import { repairTexts as texts } from './texts.ts';
import './repair.css';
import { filled } from '../../components/filled.tsx';

interface RepairPageProps {
  readonly id: string;
  readonly requests: readonly RepairRequest[];
}

export default function RepairPage({ id, requests }: RepairPageProps) {
  const { summary, problem } = useEnvironment(id);
  const reading = requests.length === 0 ? null : readings.repairPlan(id, requests);
  const plan = useResource(reading);
  if (summary === null)
    return (
      <div className="page">{problem === null ? <Skeleton height={76} /> : <ProblemNotice problem={problem} />}</div>
    );
  const back = formatRoute({ screen: 'environment', id, tab: 'attention', run: null });
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/environments">{texts.environments}</a>
        <span aria-hidden="true">/</span>
        <a href={back}>{summary.environment.name}</a>
      </nav>
      <EnvironmentBanner
        environment={summary.environment}
        title={texts.correctTheHistory}
        where={
          plan.data === null
            ? summary.url
            : filled(texts.database, {
                database: <strong>{plan.data.database}</strong>,
                historyTable: <span className="mono">{plan.data.historyTable}</span>,
              })
        }
      />
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
              <Button size="xs" component="a" href={back}>
                {texts.showWhatCanBeCorrected}
              </Button>
            )
          }
        />
      )}
      {reading !== null && plan.data === null && plan.problem === null && (
        <ReadingNotice>{texts.lookingAtFilesAndHistory}</ReadingNotice>
      )}
      {(requests.length === 0 || plan.data?.changes.length === 0) && (
        <section className="panel">
          <EmptyState
            glyph="✓"
            title={texts.nothingToCorrect}
            actions={
              <Button component="a" variant="default" href={back}>
                {texts.backTo(summary.environment.name)}
              </Button>
            }
          >
            {texts.theHistoryIsAsIt}
          </EmptyState>
        </section>
      )}
      {plan.data !== null && plan.problem === null && plan.data.changes.length > 0 && (
        <Planned key={plan.data.fingerprint} summary={summary} requests={requests} plan={plan.data} />
      )}
    </div>
  );
}

interface PlannedProps {
  readonly summary: EnvironmentSummary;
  readonly requests: readonly RepairRequest[];
  readonly plan: RepairView;
}

function Planned({ summary, requests, plan }: PlannedProps) {
  const { environment } = summary;
  const [answers, setAnswers] = useState<GateAnswers>(() => unanswered(plan.gate.backup !== 'none'));
  const change = (part: Partial<GateAnswers>): void => setAnswers((before) => ({ ...before, ...part }));
  const starting = useAction(async () => {
    const { run } = await backend().runs.repair({
      environmentId: environment.id,
      requests: [...requests],
      fingerprint: plan.fingerprint,
      ...givenAnswers(answers),
    });
    replaceRoute({ screen: 'run', id: run });
  });
  return (
    <>
      <GateStops gate={plan.gate} />
      <div className="gate-columns">
        <section className="column" aria-label={texts.corrections}>
          <h2>{texts.noScriptIsRun(texts.entriesChange(plan.changes.length))}</h2>
          <ol className="panel">
            {plan.changes.map((one) => (
              <Correction
                key={`${one.action} ${one.version}`}
                change={one}
                environmentId={environment.id}
                engine={environment.connection.engine}
              />
            ))}
          </ol>
        </section>
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
            <Button size="xs" onClick={() => void refresh(readings.repairPlan(environment.id, requests))}>
              {texts.showItAsItIs}
            </Button>
          }
        />
      )}
      <StartBar
        environment={environment}
        label={repairLabel(plan)}
        blocked={plan.gate.blocked === null ? null : texts.thisCorrectionCannotBeStarted}
        open={openAnswers(plan.gate, answers)}
        busy={starting.busy}
        onStart={starting.run}
        onCancel={() => navigate({ screen: 'environment', id: environment.id, tab: 'attention', run: null })}
      />
    </>
  );
}

/** Verb, count and target. */
const repairLabel = ({ changes, environment }: RepairView): string =>
  texts.correctOf(texts.entries(changes.length), environment);

interface CorrectionProps {
  readonly change: RepairChange;
  readonly environmentId: string;
  readonly engine: EngineId;
}

function Correction({ change, environmentId, engine }: CorrectionProps) {
  return (
    <li className="correction">
      <div className="row wraps">
        <a
          className="link strong"
          href={formatRoute({ screen: 'migration', id: environmentId, version: change.version })}
        >
          <span className="mono">{change.version}</span> {change.name}
        </a>
        <span className="chip plain push">{repairWords[change.action].ask}</span>
      </div>
      {change.difference === null ? (
        <p className="second">{change.reason}</p>
      ) : (
        <Difference environmentId={environmentId} version={change.version} engine={engine} />
      )}
    </li>
  );
}

function Difference({ environmentId, version, engine }: { environmentId: string; version: string; engine: EngineId }) {
  const { data, problem } = useResource(readings.difference(environmentId, version));
  if (problem !== null) return <ProblemNotice problem={problem} />;
  if (data === null) return <ReadingNotice>{texts.comparingTheFileWithWhat}</ReadingNotice>;
  return <ChecksumExplainer difference={data} engine={engine} />;
}
