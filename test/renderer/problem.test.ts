import { ORPCError } from '@orpc/client';
import { describe, expect, test } from 'vitest';
import { BackendLost, toProblem } from '../../renderer/problem.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';

const problem: Problem = { code: 'lock.held', message: 'Held.', state: nothingChanged, hint: 'Wait.' };

describe('what was thrown, as a Problem', () => {
  test('the backend’s own Problem stays as it is', () => {
    expect(toProblem(new ORPCError('CONFLICT', { data: problem }))).toBe(problem);
  });

  test('data of another shape is not taken for one', () => {
    for (const data of [{ ...problem, code: 'no.such' }, { ...problem, hint: 1 }, { message: 'x' }, null])
      expect(toProblem(new ORPCError('INTERNAL_SERVER_ERROR', { data })).code).toBe('run.internal');
  });

  test('a transport that is gone says that runs go on', () => {
    for (const thrown of [new BackendLost(), new TypeError('Failed to fetch')])
      expect(toProblem(thrown)).toMatchObject({ code: 'interface.disconnected' });
  });

  test('anything else keeps its words as raw words only', () => {
    expect(toProblem(new Error('<img src=x>')).serverMessage).toBe('<img src=x>');
    expect(toProblem('text').serverMessage).toBe('text');
  });
});
