/** How both shells answer calls of the contract: failures carry Problems, streams are counted and end with their reader. */
import { nothingChanged, ProblemError } from '../../shared/problem.ts';
import { toOrpcError } from './errors.ts';

export interface Handling {
  /** Told of unexpected errors, stack included. */
  readonly report: (thrown: unknown) => void;
  /** Event streams open at once; one more is refused. */
  readonly mostStreams: number;
}

interface Call {
  readonly signal?: AbortSignal;
  next(): Promise<unknown>;
}

/** An interceptor for either of oRPC's handlers, around every procedure. */
export function handleCalls({ report, mostStreams }: Handling): (call: Call) => Promise<unknown> {
  let open = 0;
  return async ({ next, signal }) => {
    const output = await next().catch((thrown: unknown) => {
      throw toOrpcError(thrown, report);
    });
    if (!isStream(output)) return output;
    if (open >= mostStreams) {
      await output.return(undefined);
      throw toOrpcError(tooManyStreams(), report);
    }
    open += 1;
    return relay(output, () => (open -= 1), signal, report);
  };
}

/** @param closed called once, also when the reader leaves before it asked for anything */
function relay(stream: AsyncGenerator, closed: () => void, signal: AbortSignal | undefined, report: Handling['report']): AsyncGenerator {
  let counted = true;
  const close = (): void => {
    if (counted) closed();
    counted = false;
    signal?.removeEventListener('abort', close);
  };
  signal?.addEventListener('abort', close);
  if (signal?.aborted === true) close();
  return (async function* () {
    try {
      yield* stream;
    } catch (thrown) {
      throw toOrpcError(thrown, report);
    } finally {
      close();
    }
  })();
}

const isStream = (output: unknown): output is AsyncGenerator =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'return' in output;

const tooManyStreams = (): ProblemError =>
  new ProblemError({
    code: 'usage.invalid',
    message: 'Too many tabs follow Lockkeeper at once.',
    state: nothingChanged,
    hint: 'Close tabs that are not needed.',
  });
