import type { ReactNode } from 'react';
import type { Problem } from '../../shared/problem.ts';
import { ProblemNotice } from './ProblemNotice.tsx';

interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly tone?: 'danger' | 'attention';
  readonly urgent?: boolean;
  readonly actionsFor?: (problem: Problem) => ReactNode;
}

/** Several problems, one notice each. */
export function ProblemList({ problems, tone = 'danger', urgent = false, actionsFor }: ProblemListProps) {
  return problems.map((problem) => (
    <ProblemNotice
      key={[problem.code, problem.path, problem.line, problem.message].join('\n')}
      problem={problem}
      tone={tone}
      urgent={urgent}
      actions={actionsFor?.(problem)}
    />
  ));
}
