import { useCallback, useRef, useState } from 'react';
import type { Problem } from '../shared/problem.ts';
import { toProblem } from './problem.ts';

export interface Action<A extends readonly unknown[]> {
  readonly run: (...args: A) => void;
  readonly busy: boolean;
  /** Of the last attempt; null once a new one starts. */
  readonly problem: Problem | null;
  /** The person has read it. */
  readonly forget: () => void;
}

/** Something a person set off: runs once at a time, and its failure is a Problem to show. */
export function useAction<A extends readonly unknown[]>(work: (...args: A) => Promise<void>): Action<A> {
  const [state, setState] = useState<{ busy: boolean; problem: Problem | null }>({ busy: false, problem: null });
  const latest = useRef(work);
  latest.current = work;
  const going = useRef(false);
  const run = useCallback((...args: A): void => {
    if (going.current) return;
    going.current = true;
    setState({ busy: true, problem: null });
    latest
      .current(...args)
      .then(() => setState({ busy: false, problem: null }))
      .catch((thrown: unknown) => setState({ busy: false, problem: toProblem(thrown) }))
      .finally(() => {
        going.current = false;
      });
  }, []);
  const forget = useCallback(() => setState((before) => ({ ...before, problem: null })), []);
  return { run, forget, ...state };
}
