/** A run as it happens: its records reduced like everywhere else, drawn ten times a second at most. */
import { useEffect, useState } from 'react';
import { reduceRecords } from '../../../shared/model/reduceRun.ts';
import type { Run, RunRecord } from '../../../shared/model/run.ts';
import type { Problem } from '../../../shared/problem.ts';
import { backend } from '../../connection.ts';
import { type Pace, paced } from '../../paced.ts';
import { BackendLost, toProblem } from '../../problem.ts';
import { follow } from '../../stream.ts';
import { type LogLine, logLines } from './logLines.ts';

export interface RunStream {
  readonly run: Run | null;
  readonly lines: readonly LogLine[];
  readonly state: 'opening' | 'live' | 'reconnecting' | 'ended';
  readonly problem: Problem | null;
}

const nothing: RunStream = { run: null, lines: [], state: 'opening', problem: null };
/** Older lines are left out of the view; all of them are in the stored log. */
const mostLines = 20_000;
/** Milliseconds; in between, the window is free for whoever uses it. */
const drawnEveryMs = 100;

export function useRunStream(id: string): RunStream {
  const [shown, setShown] = useState(nothing);
  useEffect(() => {
    const leaving = new AbortController();
    const gathering = new Gathering(setShown);
    follow<RunRecord>({
      open: (signal) => backend().runs.watch({ id, fromSeq: gathering.lastSeq + 1 }, { signal }),
      onItem: (record) => gathering.take(record),
      onState: (state, thrown) => gathering.tell({ state, problem: thrown === null ? null : toProblem(thrown) }),
      isFinal: (thrown) => thrown instanceof BackendLost || toProblem(thrown).code === 'run.notFound',
      reopens: false,
      signal: leaving.signal,
    })
      .then(() => gathering.tell({ state: 'ended' }))
      .catch((thrown: unknown) => gathering.tell({ state: 'ended', problem: toProblem(thrown) }));
    return () => {
      leaving.abort();
      gathering.rest();
    };
  }, [id]);
  return shown;
}

/** Records wait for the next drawing: a thousand a second are reduced and drawn together. */
class Gathering {
  #stream = nothing;
  #records: RunRecord[] = [];
  readonly #pace: Pace;
  /** Of the newest record taken. */
  lastSeq = -1;

  constructor(show: (stream: RunStream) => void) {
    this.#pace = paced(drawnEveryMs, () => {
      this.#stream = withRecords(this.#stream, this.#records);
      this.#records = [];
      show(this.#stream);
    });
  }

  take(record: RunRecord): void {
    if (record.seq <= this.lastSeq) return;
    this.lastSeq = record.seq;
    this.#records.push(record);
    this.#pace.ask();
  }

  tell(change: Partial<Pick<RunStream, 'state' | 'problem'>>): void {
    this.#stream = { ...this.#stream, ...change };
    this.#pace.ask();
  }

  rest(): void {
    this.#pace.rest();
  }
}

const withRecords = (stream: RunStream, records: readonly RunRecord[]): RunStream =>
  records.length === 0
    ? stream
    : {
        ...stream,
        run: reduceRecords(stream.run, records),
        lines: [...stream.lines, ...logLines(records)].slice(-mostLines),
      };
