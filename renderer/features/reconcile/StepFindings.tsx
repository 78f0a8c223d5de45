import type { StepFinding, Verdict } from '../../../shared/model/reconcile.ts';
import { Mark } from '../../components/Mark.tsx';
import { formatNumber } from '../../format.ts';
import type { Mark as MarkValue } from '../../texts.ts';
import { reconcileTexts as texts } from './texts.ts';

export function StepFindings({ steps }: { steps: readonly StepFinding[] }) {
  return (
    <ol className="findings">
      {steps.map((step) => (
        <li key={step.step} className="column" style={{ gap: 2 }}>
          <div className="row wraps">
            <strong>
              <span className="mono">{step.version}</span> {step.name}
            </strong>
            <Mark mark={markOf(step.verdict, step.statements)} />
          </div>
          <p className="second">{step.evidence}</p>
          {step.statement !== null && (
            <p className="mono clip" title={step.statement.text}>
              {texts.line(step.statement.line, step.statement.text)}
            </p>
          )}
          {step.error !== null && (
            <p className="mono second">
              {texts.firstError} {step.error}
            </p>
          )}
          {step.contradictions.map((words) => (
            <p key={words} className="contradiction">
              ▲ {words}
            </p>
          ))}
        </li>
      ))}
    </ol>
  );
}

function markOf(verdict: Verdict, statements: number): MarkValue {
  switch (verdict.kind) {
    case 'done':
      return { glyph: '✓', word: texts.done, tone: 'ok' };
    case 'notDone':
      return { glyph: '○', word: texts.notDone, tone: 'quiet' };
    case 'partly': {
      const rows = verdict.batch === null ? '' : texts.rowsOfTheNext(formatNumber(verdict.batch.rows));
      return {
        glyph: '◐',
        word: texts.ofStatementsDone(formatNumber(verdict.at.statement), formatNumber(statements), rows),
        tone: 'attention',
      };
    }
    case 'stillRunning':
      return { glyph: '◐', word: texts.stillRunningOnTheServer, tone: 'running' };
    case 'unknown':
      return { glyph: '?', word: texts.unknownFromStatementOn(verdict.at.statement + 1), tone: 'unknown' };
  }
}
