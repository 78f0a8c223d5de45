/** A run as it happens: its records reduced like everywhere else, drawn at most once a frame. */
import { useEffect, useState } from 'react';
import { reduceRun } from '../../../shared/model/reduceRun.ts';
import type { Run, RunRecord } from '../../../shared/model/run.ts';
import type { Problem } from '../../../shared/problem.ts';
import { backend } from '../../connection.ts';
import { BackendLost, toProblem } from '../../problem.ts';
import { follow } from '../../stream.ts';
import { type LogLine, logLineOf } from './logLines.ts';

export interface RunStream {
  readonly run: Run | null;
  readonly lines: readonly LogLine[];
  readonly state: 'opening' | 'live' | 'reconnecting' | 'ended';
  readonly problem: Problem | null;
}

const nothing: RunStream = { run: null, lines: [], state: 'opening', problem: null };
/** Older lines are left out of the view; all of them are in the stored log. */
const mostLines = 20_000;

export function useRunStream(id: string): RunStream {
  const [shown, setShown] = useState(nothing);
  useEffect(() => {
    const leaving = new AbortController();
    let now = nothing;
    let frame: number | null = null;
    const draw = (change: Partial<RunStream>): void => {
      now = { ...now, ...change };
      frame ??= requestAnimationFrame(() => {
        frame = null;
        setShown({ ...now, lines: now.lines.slice(-mostLines) });
      });
    };
    const take = (record: RunRecord): void => {
      if (record.seq <= (now.run?.seq ?? -1)) return;
      const line = logLineOf(record);
      if (line !== null) lines.push(line);
      if (lines.length > 2 * mostLines) lines.splice(0, mostLines);
      draw({ run: reduceRun(now.run, record) });
    };
    const lines: LogLine[] = [];
    now = { ...nothing, lines };
    follow<RunRecord>({
      open: (signal) => backend().runs.watch({ id, fromSeq: (now.run?.seq ?? -1) + 1 }, { signal }),
      onItem: take,
      onState: (state, thrown) => draw({ state, problem: thrown === null ? null : toProblem(thrown) }),
      isFinal: (thrown) => thrown instanceof BackendLost || toProblem(thrown).code === 'run.notFound',
      reopens: false,
      signal: leaving.signal,
    })
      .then(() => draw({ state: 'ended' }))
      .catch((thrown: unknown) => draw({ state: 'ended', problem: toProblem(thrown) }));
    return () => {
      leaving.abort();
      if (frame !== null) cancelAnimationFrame(frame);
    };
  }, [id]);
  return shown;
}
