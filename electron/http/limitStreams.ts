/** Event streams open at once over HTTP, counted: each holds a connection and a place in a feed. */
import { nothingChanged, ProblemError } from '../../shared/problem.ts';
import { isStream, toOrpcError } from '../rpc/errors.ts';

interface Call {
  readonly signal?: AbortSignal;
  next(): Promise<unknown>;
}

/** An interceptor around every procedure: one stream more than `most` is refused, with what `refusal` makes of the problem. */
export function limitStreams(
  most: number,
  refusal: (problem: ProblemError) => Error = toOrpcError,
): (call: Call) => Promise<unknown> {
  let open = 0;
  return async ({ next, signal }) => {
    const output = await next();
    if (!isStream(output)) return output;
    if (open >= most) {
      await output.return(undefined);
      throw refusal(tooManyStreams());
    }
    open += 1;
    return counted(output, signal, () => (open -= 1));
  };
}

/** @param closed called once, also when the reader leaves before it asked for anything */
function counted(stream: AsyncGenerator, signal: AbortSignal | undefined, closed: () => void): AsyncGenerator {
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closed();
    isOpen = false;
    signal?.removeEventListener('abort', close);
  };
  signal?.addEventListener('abort', close);
  if (signal?.aborted === true) close();
  return (async function* () {
    try {
      yield* stream;
    } finally {
      close();
    }
  })();
}

const tooManyStreams = (): ProblemError =>
  new ProblemError({
    code: 'api.tooMany',
    message: 'Too many windows or programs follow Lockkeeper at once.',
    state: nothingChanged,
    hint: 'Close those that are not needed.',
  });
