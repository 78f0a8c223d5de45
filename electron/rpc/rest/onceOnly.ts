/** A request that is sent twice with one key is done once. */
import { createHash } from 'node:crypto';
import { raise } from '../../../shared/problem.ts';
import { logger } from '../../services/logger.ts';
import type { Caller } from './caller.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface KeyedRequest {
  /** As the caller chose it; null: it is done as often as it is sent. */
  readonly key: string | null;
  /** All that makes it this request. */
  readonly text: string;
}

const keptMs = 24 * 60 * 60 * 1000;

/** @throws {ProblemError} `api.idempotency`, `api.unanswered` */
export async function onceOnly(
  { token, context }: Caller,
  { key, text }: KeyedRequest,
  perform: () => Promise<Answer>,
): Promise<Answer> {
  if (key === null) return perform();
  const { answers } = context.workspace;
  const now = context.clock.now();
  answers.removeBefore(new Date(now - keptMs).toISOString());
  const request = createHash('sha256').update(text).digest('hex');
  const before = answers.begin(token.id, key, request, new Date(now).toISOString());
  if (before !== null) return replay(before, request);
  const answer = await perform();
  try {
    answers.finish(token.id, key, answer);
  } catch (thrown) {
    // It is done: its answer must be told. Sent again, the same request is refused as one whose end is not known.
    logger.error('An answer could not be kept for its idempotency key.', thrown);
  }
  return answer;
}

function replay(before: { readonly request: string; readonly answer: Answer | null }, request: string): Answer {
  if (before.request !== request)
    return raise({
      code: 'api.idempotency',
      message: 'This Idempotency-Key was used for another request.',
      hint: 'Use a new key for a new request.',
    });
  if (before.answer === null)
    return raise({
      code: 'api.unanswered',
      message: 'The first request with this Idempotency-Key was not answered: it goes on, or its process ended.',
      state: 'What it has done, the list of runs tells.',
      hint: 'List the runs (GET /api/runs) before you send it again with another key.',
    });
  return { ...before.answer, headers: { ...before.answer.headers, 'idempotency-replayed': 'true' } };
}
