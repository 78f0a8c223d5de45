/** What the backend tells of the matrix, gathered and drawn some times a second. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MatrixColumn, MatrixEvent, MatrixLists, MigrationList } from '../../../shared/model/matrix.ts';
import type { Problem } from '../../../shared/problem.ts';
import { backend } from '../../connection.ts';
import { type Pace, paced } from '../../paced.ts';
import { BackendLost, toProblem, wasAborted } from '../../problem.ts';
import { follow } from '../../stream.ts';

export interface MatrixData {
  readonly lists: MatrixLists;
  /** By environment. */
  readonly columns: ReadonlyMap<string, MatrixColumn>;
  /** Environments read of those that are read now; null: none is. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** What was known before has come. */
  readonly loaded: boolean;
  readonly problem: Problem | null;
}

const nothing: MatrixData = { lists: new Map(), columns: new Map(), progress: null, loaded: false, problem: null };

/** What was read so recently is not read again when the matrix is opened; in milliseconds. */
const freshFor = 60_000;
/** Milliseconds: while hundreds are read, who scrolls is not held up by each of them. */
const drawnEveryMs = 200;

/** @param environmentIds in the order in which they are to be read */
export function useMatrixData(environmentIds: readonly string[]): MatrixData & { readonly readAgain: () => void } {
  const [data, setData] = useState(nothing);
  const gathering = useRef(new Gathering(setData));
  const reading = useRef(new AbortController());
  const wanted = useRef(environmentIds);
  useEffect(() => {
    wanted.current = environmentIds;
  });

  const read = useCallback((maxAgeMs: number) => {
    reading.current.abort();
    const now = new AbortController();
    reading.current = now;
    readInto(gathering.current, { environmentIds: [...wanted.current], maxAgeMs }, now.signal);
  }, []);

  useEffect(() => {
    const leaving = new AbortController();
    const { current } = gathering;
    follow<MatrixEvent>({
      open: (signal) => backend().matrix.watch(undefined, { signal }),
      onItem: (event) => current.take(event),
      onState: () => undefined,
      isFinal: (thrown) => thrown instanceof BackendLost,
      reopens: true,
      signal: leaving.signal,
    }).catch((thrown: unknown) => current.fail(toProblem(thrown)));
    return () => {
      leaving.abort();
      reading.current.abort();
      current.rest();
    };
  }, []);

  const { loaded } = data;
  useEffect(() => {
    if (loaded) read(freshFor);
  }, [loaded, read]);
  return { ...data, readAgain: useCallback(() => read(0), [read]) };
}

async function readInto(
  gathering: Gathering,
  input: { environmentIds: string[]; maxAgeMs: number },
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const event of await backend().matrix.refresh(input, { signal })) gathering.take(event);
    gathering.endReading();
  } catch (thrown) {
    if (!signal.aborted && !wasAborted(thrown)) gathering.fail(toProblem(thrown));
  }
}

class Gathering {
  readonly #pace: Pace;
  #lists = new Map<string, MigrationList>();
  #columns = new Map<string, MatrixColumn>();
  #shown = nothing;

  constructor(show: (data: MatrixData) => void) {
    this.#pace = paced(drawnEveryMs, () => {
      this.#shown = { ...this.#shown, lists: this.#lists, columns: new Map(this.#columns) };
      show(this.#shown);
    });
  }

  take(event: MatrixEvent): void {
    switch (event.type) {
      case 'list':
        this.#lists = new Map(this.#lists).set(event.list.id, event.list);
        return;
      case 'columns':
        for (const column of event.columns) this.#columns.set(column.environmentId, column);
        this.#draw({ loaded: true });
        return;
      case 'progress':
        this.#draw({ progress: event.done === event.total ? null : event, problem: null });
    }
  }

  endReading(): void {
    this.#draw({ progress: null });
  }

  fail(problem: Problem): void {
    this.#draw({ problem, progress: null });
  }

  rest(): void {
    this.#pace.rest();
  }

  #draw(change: Partial<MatrixData>): void {
    this.#shown = { ...this.#shown, ...change };
    this.#pace.ask();
  }
}
