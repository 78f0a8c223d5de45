import { useEffect, useRef } from 'react';
import type { RepairAction } from '../../../shared/model/repair.ts';
import type { Run, RunStep } from '../../../shared/model/run.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { Elapsed } from '../../components/Time.tsx';
import { formatDuration } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { repairWords, runningMark, stepMarks, waitingMark } from '../../texts.ts';
import { runTexts as texts } from './texts.ts';

export function RunSteps({ run }: { run: Run }) {
  if (run.steps.length === 0) return null;
  const failed = run.problem;
  return (
    <ol className="panel" aria-label={texts.steps}>
      {run.steps.map((step) => (
        <Step
          key={step.index}
          step={step}
          environmentId={run.environmentId}
          showProblem={step.problem !== null && step.problem.message !== failed?.message}
          over={run.outcome !== null}
        />
      ))}
    </ol>
  );
}

const isCorrection = (action: RunStep['action']): action is RepairAction => action !== 'apply' && action !== 'revert';

interface StepProps {
  readonly step: RunStep;
  readonly environmentId: string | null;
  readonly showProblem: boolean;
  readonly over: boolean;
}

function Step({ step, environmentId, showProblem, over }: StepProps) {
  const line = useRef<HTMLLIElement>(null);
  const running = step.state === 'running' && !over;
  useEffect(() => {
    if (running) line.current?.scrollIntoView({ block: 'nearest' });
  }, [running]);
  const mark =
    step.outcome !== null
      ? stepMarks[step.outcome]
      : running
        ? runningMark
        : over
          ? stepMarks.notExecuted
          : waitingMark;
  const title = (
    <>
      <span className="mono">{step.version}</span> {step.name}
    </>
  );
  return (
    <li ref={line} className="run-step" data-state={running ? 'running' : step.state}>
      <span className="mark bare" data-tone={mark.tone}>
        <span className="glyph" aria-hidden="true">
          {mark.glyph}
        </span>
      </span>
      <div className="wrap">
        {environmentId === null ? (
          <span className="strong">{title}</span>
        ) : (
          <a className="strong" href={formatRoute({ screen: 'migration', id: environmentId, version: step.version })}>
            {title}
          </a>
        )}
        <div className="small dim">
          {mark.word}
          {step.action === 'revert' && texts.rollsBack}
          {isCorrection(step.action) && ` · ${repairWords[step.action].done}`}
          {!isCorrection(step.action) &&
            step.state !== 'waiting' &&
            step.outcome !== 'notExecuted' &&
            texts.of3(step.done, texts.statements(step.statements))}
          {step.batch !== null && ` · ${texts.batches(step.batch.batches)}, ${texts.rows(step.batch.rows)}`}
          {!step.transactional && texts.notTransactional}
        </div>
      </div>
      <div className="times number">
        {step.durationMs !== null && step.outcome !== 'notExecuted' ? (
          formatDuration(step.durationMs)
        ) : running && step.startedAt !== null ? (
          <Elapsed since={step.startedAt} until={null} />
        ) : (
          ''
        )}
        {step.estimateMs !== null && <div className="small dim">{texts.expected(formatDuration(step.estimateMs))}</div>}
      </div>
      {(running || showProblem) && (
        <div className="detail">
          {running && (
            <ProgressLine done={step.done} total={step.statements} label={texts.statementsOf(step.version)} />
          )}
          {running && step.batch !== null && (
            <span className="small second">
              {texts.repeatedUntilNothingIsLeft(texts.batches(step.batch.batches), texts.rows(step.batch.rows))}
            </span>
          )}
          {running && step.line !== null && (
            <span className="mono small second">
              {texts.line(step.line)}
              {step.verb !== null && `: ${step.verb}`}
            </span>
          )}
          {showProblem && step.problem !== null && <ProblemNotice problem={step.problem} />}
        </div>
      )}
    </li>
  );
}
