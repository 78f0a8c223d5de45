/** The steps of a run, with the one that goes on in view. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Run, RunStep } from '../../../shared/model/run.ts';
import { RunStepLine } from './RunStepLine.tsx';
import { runTexts as texts } from './texts.ts';

/** Of more than so many only those on screen are drawn. */
const mostDrawn = 100;
/** Pixels, until it was drawn. */
const usualHeight = 62;

export function RunSteps({ run }: { run: Run }) {
  if (run.steps.length === 0) return null;
  return run.steps.length > mostDrawn ? <LongList run={run} /> : <WholeList run={run} />;
}

const runningIndex = ({ steps, outcome }: Run): number =>
  outcome === null ? steps.findIndex(({ state }) => state === 'running') : -1;

const propsOf = (run: Run, step: RunStep) => ({
  step,
  environmentId: run.environmentId,
  showProblem: step.problem !== null && step.problem.message !== run.problem?.message,
  over: run.outcome !== null,
});

function WholeList({ run }: { run: Run }) {
  const list = useRef<HTMLOListElement>(null);
  const running = runningIndex(run);
  useEffect(() => {
    if (running !== -1) list.current?.children[running]?.scrollIntoView({ block: 'nearest' });
  }, [running]);
  return (
    <ol ref={list} className="panel" aria-label={texts.steps}>
      {run.steps.map((step) => (
        <RunStepLine key={step.index} {...propsOf(run, step)} />
      ))}
    </ol>
  );
}

function LongList({ run }: { run: Run }) {
  const box = useRef<HTMLDivElement>(null);
  // Who opens one that went well begins at its beginning.
  const follows = useRef(run.outcome !== 'succeeded');
  const virtual = useVirtualizer({
    count: run.steps.length,
    getScrollElement: () => box.current,
    estimateSize: () => usualHeight,
    overscan: 5,
    useFlushSync: false,
  });
  // Between two drawings many may begin and end: the last of them is where the run is.
  const reached = run.steps.findLastIndex(({ startedAt }) => startedAt !== null);
  useEffect(() => {
    if (reached !== -1 && follows.current) virtual.scrollToIndex(reached);
  }, [reached, virtual]);
  const items = virtual.getVirtualItems();
  return (
    <div
      ref={box}
      className="panel long-steps"
      onWheel={(event) => {
        // Whoever looks back wants to stay there.
        if (event.deltaY < 0) follows.current = false;
      }}
    >
      <ol
        aria-label={texts.steps}
        style={{ paddingTop: items[0]?.start ?? 0, paddingBottom: virtual.getTotalSize() - (items.at(-1)?.end ?? 0) }}
      >
        {items.map(({ index }) => {
          const step = run.steps[index];
          return step === undefined ? null : (
            <RunStepLine key={index} ref={virtual.measureElement} of={run.steps.length} {...propsOf(run, step)} />
          );
        })}
      </ol>
    </div>
  );
}
