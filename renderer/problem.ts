/** Whatever was thrown on this side of the contract, as a Problem. */
import { ORPCError } from '@orpc/client';
import { problemOf } from '../shared/contract/problemOf.ts';
import type { Problem } from '../shared/problem.ts';

/** The backend's own Problem where there is one; otherwise a local one that keeps the raw words. */
export function toProblem(thrown: unknown): Problem {
  const carried = problemOf(thrown);
  if (carried !== null) return carried;
  if (thrown instanceof ORPCError) return unexpected(`${thrown.code}: ${thrown.message}`);
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

export const wasAborted = (thrown: unknown): boolean => thrown instanceof DOMException && thrown.name === 'AbortError';

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
