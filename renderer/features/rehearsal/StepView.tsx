/** Everything that a rehearsal saw of one migration. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Rehearsal, RehearsedStep } from '../../../shared/model/rehearsal.ts';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { formatDuration } from '../../format.ts';
import { stepMarks } from '../../texts.ts';
import { LockTimeline } from './LockTimeline.tsx';
import { RowChanges } from './RowChanges.tsx';
import { backSentences } from './rehearsalFacts.ts';
import { SchemaSides } from './SchemaSides.tsx';
import { StatementTable } from './StatementTable.tsx';
import { rehearsalTexts as texts } from './texts.ts';

interface StepViewProps {
  readonly step: RehearsedStep;
  readonly engine: EngineId;
}

export function StepView({ step, engine }: StepViewProps) {
  return (
    <>
      <p className="row wraps">
        <Mark mark={stepMarks[step.outcome]} />
        {step.outcome !== 'notExecuted' && (
          <span className="number">{texts.onTheCopyWithLooking(formatDuration(step.durationMs))}</span>
        )}
        {step.estimateMs !== null && (
          <span className="second number">{texts.aboutExpectedForTheReal(formatDuration(step.estimateMs))}</span>
        )}
      </p>
      {step.problem !== null && <ProblemNotice problem={step.problem} />}
      <h3>{texts.statements}</h3>
      <StatementTable step={step} />
      <h3>{texts.locks}</h3>
      <LockTimeline step={step} engine={engine} />
      <h3>{texts.rows}</h3>
      <RowChanges rows={step.rows} empty={texts.noTableHasMoreOr} />
    </>
  );
}

/** Whether what was done could be taken back, and was again what it had been. */
export function WayBack({ rehearsal }: { rehearsal: Rehearsal }) {
  const { back, direction } = rehearsal;
  return (
    <>
      <ul className="bullets">
        {backSentences(back, direction).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {back?.problem != null && <ProblemNotice problem={back.problem} tone="attention" />}
      {back !== null && back.rows.length > 0 && <RowChanges rows={back.rows} empty="" />}
      {back !== null && back.schema.length > 0 && <SchemaSides changes={back.schema} empty="" />}
    </>
  );
}
