/** Whatever was thrown on this side of the contract, as a Problem. */
import { ORPCError } from '@orpc/client';
import { problemCodes, type Problem, type ProblemCode } from '../shared/problem.ts';

export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const fields = ['code', 'message', 'state', 'hint'] as const;
  return fields.every((field) => field in value && typeof Reflect.get(value, field) === 'string')
    && isProblemCode(Reflect.get(value, 'code'));
}

const isProblemCode = (code: unknown): code is ProblemCode => typeof code === 'string' && code in problemCodes;

/** The backend's own Problem where there is one; otherwise a local one that keeps the raw words. */
export function toProblem(thrown: unknown): Problem {
  if (isProblem(thrown)) return thrown;
  if (thrown instanceof ORPCError) {
    if (isProblem(thrown.data)) return thrown.data;
    return unexpected(`${thrown.code}: ${thrown.message}`);
  }
  if (thrown instanceof BackendLost) return lostProblem;
  if (thrown instanceof TypeError && /fetch|network/i.test(thrown.message)) return lostProblem;
  return unexpected(thrown instanceof Error ? thrown.message : String(thrown));
}

/** The transport is gone: the port closed, or the server does not know this session. */
export class BackendLost extends Error {
  constructor() {
    super('The connection to Lockkeeper is gone.');
    this.name = 'BackendLost';
  }
}

export const isLost = (thrown: unknown): boolean => toProblem(thrown) === lostProblem;

export const wasAborted = (thrown: unknown): boolean =>
  thrown instanceof DOMException && thrown.name === 'AbortError';

const lostProblem: Problem = {
  code: 'interface.disconnected',
  message: 'This window has lost its connection to Lockkeeper.',
  state: 'A run that goes on belongs to Lockkeeper, not to this window: it continues while Lockkeeper does.',
  hint: 'Wait for the connection to come back, or reload this window.',
};

function unexpected(words: string): Problem {
  return {
    code: 'run.internal',
    message: 'Lockkeeper gave an unexpected answer.',
    state: 'What was done before this is in the history.',
    hint: 'Refresh and read the status again before going on.',
    serverMessage: words,
  };
}
