/** One run, live or over: phases, steps, log and what it came to. Survives reloading: the run is the backend's. */
import { Loader } from '@mantine/core';
import { useEffect } from 'react';
import type { Run } from '../../../shared/model/run.ts';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Elapsed, Moment } from '../../components/Time.tsx';
import { formatRoute } from '../../router.ts';
import { outcomeMarks, runningMark, stepMarks } from '../../texts.ts';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { ReconcilePanel } from '../reconcile/ReconcilePanel.tsx';
import { BlockingPanel } from './BlockingPanel.tsx';
import { CancelRun } from './CancelRun.tsx';
import { FailedStatement } from './FailedStatement.tsx';
import { LogView } from './LogView.tsx';
import { OutcomePanel } from './OutcomePanel.tsx';
import { Phases } from './Phases.tsx';
import { RunSteps } from './RunSteps.tsx';
import { phaseWord, runTitle } from './runFacts.ts';
import { useRunStream } from './useRunStream.ts';
import './runs.css';
import { runTexts as texts } from './texts.ts';

export default function RunPage({ id }: { id: string }) {
  const { run, lines, state, problem } = useRunStream(id);
  const { summary } = useEnvironment(run?.environmentId ?? null);
  useAnnouncements(run);
  if (run === null) {
    return (
      <div className="page">
        <h1 tabIndex={-1}>{texts.run}</h1>
        {problem === null ? (
          <Loader size="sm" aria-label={texts.readingTheRun} />
        ) : (
          <ProblemNotice problem={problem} urgent />
        )}
      </div>
    );
  }
  const live = run.outcome === null;
  return (
    <div className="page tall">
      <Crumbs run={run} known={summary !== null} />
      <EnvironmentBanner
        environment={summary?.environment ?? { name: run.environment, tier: 'development', colour: 'grey' }}
        title={runTitle(run)}
        where={
          <>
            {texts.onStarted(run.actor, run.host)} <Moment at={run.startedAt} />
            {run.reason !== null && <> · “{run.reason}”</>}
          </>
        }
      >
        {state === 'reconnecting' && (
          <span className="chip" data-tone="attention">
            <span aria-hidden="true">◐</span>
            {texts.reconnecting}
          </span>
        )}
        <Mark mark={run.outcome === null ? runningMark : outcomeMarks[run.outcome]} />
        <span className="strong">
          <Elapsed since={run.startedAt} until={run.finishedAt} />
        </span>
        {live && <CancelRun run={run} environment={summary?.environment ?? null} />}
      </EnvironmentBanner>
      {problem !== null && state !== 'reconnecting' && <ProblemNotice problem={problem} urgent />}
      <OutcomePanel run={run} />
      <FailedStatement run={run} engine={summary?.environment.connection.engine ?? null} />
      <BlockingPanel run={run} environment={summary?.environment ?? null} />
      <ReconcilePanel run={run} />
      <div className="run-columns">
        <div className="run-side">
          <Phases run={run} />
          <RunSteps run={run} />
        </div>
        <LogView lines={lines} live={live} lead={<h2>{texts.log}</h2>} />
      </div>
    </div>
  );
}

function Crumbs({ run, known }: { run: Run; known: boolean }) {
  return (
    <nav className="crumbs" aria-label={texts.place}>
      <a href="#/runs">{texts.runs2}</a>
      <span aria-hidden="true">/</span>
      {known && run.environmentId !== null && (
        <a href={formatRoute({ screen: 'environment', id: run.environmentId, tab: 'plan', run: null })}>
          {run.environment}
        </a>
      )}
    </nav>
  );
}

/** Says each change of phase, step and outcome once. */
function useAnnouncements(run: Run | null): void {
  const step = run?.steps.findLast((one) => one.state === 'running') ?? null;
  const words =
    run === null
      ? ''
      : run.outcome !== null
        ? texts.run2(outcomeMarks[run.outcome].word.toLowerCase())
        : step !== null
          ? texts.stepOf(step.index + 1, run.steps.length, step.version, stepWord(step.outcome))
          : run.phase !== null
            ? phaseWord(run, run.phase)
            : texts.runStarted;
  useEffect(() => {
    if (words !== '') announce(words);
  }, [words]);
}

const stepWord = (outcome: keyof typeof stepMarks | null): string =>
  outcome === null ? 'running' : stepMarks[outcome].word.toLowerCase();
