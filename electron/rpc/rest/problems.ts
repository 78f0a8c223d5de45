/** What a call of the REST API threw, as an error with its HTTP status that carries the Problem. */
import { ORPCError, os } from '@orpc/server';
import { statusOf } from '../../../shared/contract/rest/statuses.ts';
import { nothingChanged, type Problem } from '../../../shared/problem.ts';
import { isStream, toOrpcError } from '../errors.ts';

/** Around every procedure. */
export const problemsAsStatuses = os.middleware(async ({ next }) => {
  try {
    const result = await next();
    return isStream(result.output) ? { ...result, output: mapFailure(result.output) } : result;
  } catch (thrown) {
    throw withStatus(thrown);
  }
});

async function* mapFailure(stream: AsyncGenerator): AsyncGenerator {
  try {
    return yield* stream;
  } catch (thrown) {
    throw withStatus(thrown);
  }
}

export function withStatus(thrown: unknown): ORPCError<string, Problem> {
  const { code, message, data, cause } = isTold(thrown) ? thrown : toOrpcError(thrown);
  return new ORPCError(code, { status: statusOf(data.code), message, data, cause });
}

/** A procedure of the window's router has made the Problem of it. */
const isTold = (thrown: unknown): thrown is ORPCError<string, Problem> =>
  thrown instanceof ORPCError && isProblem(thrown.data);

const isProblem = (data: unknown): data is Problem =>
  typeof data === 'object' && data !== null && 'code' in data && 'hint' in data;

/** The body of every refusal and failure. */
export const problemBody = ({ data, message }: ORPCError<string, unknown>): { problem: Problem } => ({
  problem: isProblem(data)
    ? data
    : {
        code: 'usage.invalid',
        message: `The request cannot be read: ${message}`,
        state: nothingChanged,
        hint: 'Compare it with /api/openapi.json.',
      },
});
