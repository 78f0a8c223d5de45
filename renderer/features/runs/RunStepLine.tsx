/** One step of a run: where it is, how long it took, and what it is at. */
import { memo, type Ref } from 'react';
import type { RepairAction } from '../../../shared/model/repair.ts';
import type { RunStep } from '../../../shared/model/run.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { Elapsed } from '../../components/Time.tsx';
import { formatDuration } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { repairWords, runningMark, stepMarks, waitingMark } from '../../texts.ts';
import { runTexts as texts } from './texts.ts';

const isCorrection = (action: RunStep['action']): action is RepairAction => action !== 'apply' && action !== 'revert';

interface RunStepLineProps {
  readonly ref?: Ref<HTMLLIElement>;
  readonly step: RunStep;
  readonly environmentId: string | null;
  readonly showProblem: boolean;
  readonly over: boolean;
  /** How many steps there are, where not all of them are drawn. */
  readonly of?: number;
}

/** Drawn again only when it differs: a run may have thousands. */
export const RunStepLine = memo(function RunStepLine({
  ref,
  step,
  environmentId,
  showProblem,
  over,
  of,
}: RunStepLineProps) {
  const running = step.state === 'running' && !over;
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
    <li
      ref={ref}
      className="run-step"
      data-state={running ? 'running' : step.state}
      data-index={step.index}
      {...(of === undefined ? {} : { 'aria-setsize': of, 'aria-posinset': step.index + 1 })}
    >
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
});
