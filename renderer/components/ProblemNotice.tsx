/** A failure as people need it: what happened, the state now, the next step, the raw words, copy. */

import type { ReactNode } from 'react';
import type { Problem } from '../../shared/problem.ts';
import type { Tone } from '../texts.ts';
import { CopyWordButton } from './CopyText.tsx';
import { focusable } from './focusable.ts';
import { componentTexts as texts } from './texts.ts';

interface ProblemNoticeProps {
  readonly problem: Problem;
  readonly tone?: Extract<Tone, 'danger' | 'attention' | 'unknown'>;
  /** Announced at once when it appears. */
  readonly urgent?: boolean;
  readonly actions?: ReactNode;
}

export function ProblemNotice({ problem, tone = 'danger', urgent = false, actions }: ProblemNoticeProps) {
  return (
    <section className="problem" data-tone={tone} role={urgent ? 'alert' : 'group'} aria-label={problem.message}>
      <p className="problem-title">{problem.message}</p>
      <dl className="facts">
        <dt>{texts.stateNow}</dt>
        <dd>{problem.state}</dd>
        <dt>{texts.next}</dt>
        <dd>{problem.hint}</dd>
        {problem.path !== undefined && (
          <>
            <dt>{texts.place}</dt>
            <dd className="mono">{placeOf(problem)}</dd>
          </>
        )}
      </dl>
      {problem.serverMessage !== undefined && (
        <section aria-label={texts.rawMessage} className="raw" {...focusable}>
          <pre>{problem.serverMessage}</pre>
        </section>
      )}
      <div className="actions">
        {actions}
        <CopyWordButton value={problemText(problem)} label={texts.copyDetails} />
        <span className="small dim mono" style={{ alignSelf: 'center' }}>
          {problem.code}
        </span>
      </div>
    </section>
  );
}

function placeOf(problem: Problem): string {
  const line = problem.line === undefined ? '' : `:${problem.line}`;
  const column = problem.column === undefined ? '' : `:${problem.column}`;
  return `${problem.path ?? ''}${line}${column}`;
}

/** Everything of a problem as plain text, for a message to somebody. */
export function problemText(problem: Problem): string {
  const lines = [
    problem.message,
    texts.stateNow2(problem.state),
    texts.next2(problem.hint),
    problem.path === undefined ? null : texts.place2(placeOf(problem)),
    problem.serverMessage === undefined ? null : texts.rawMessage2(problem.serverMessage),
    texts.code(problem.code),
  ];
  return lines.filter((line) => line !== null).join('\n');
}
