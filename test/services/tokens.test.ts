/** Tokens of the REST API, and the answers that are kept for its idempotency keys. */
import { describe, expect, it } from 'vitest';
import type { Context } from '../../electron/services/context.ts';
import { contextWithRole } from '../../electron/services/roles.ts';
import { createToken, listTokens, recogniseToken, revokeToken } from '../../electron/services/tokens.ts';
import { openWorkspace } from '../../electron/workspace/workspace.ts';
import { testBackend } from './backend.ts';

const wanted = { name: 'build', role: 'operator', expiresInDays: 2, environments: [] } as const;
const dayMs = 86_400_000;

const later = (context: Context, days: number): Context => ({
  ...context,
  clock: { ...context.clock, now: () => Date.now() + days * dayMs },
});

describe('a token', () => {
  it('is recognised until its time is over, and by every process of the workspace', async () => {
    await using test = await testBackend();
    const { context } = test.backend;
    const { token, secret } = createToken(context, wanted);
    expect(secret).toMatch(/^lockkeeper_[\w-]{43}$/);
    expect(recogniseToken(context, secret)).toMatchObject({ id: token.id, role: 'operator' });
    expect(recogniseToken(later(context, 1.9), secret)).not.toBeNull();
    expect(recogniseToken(later(context, 2.1), secret)).toBeNull();
    for (const wrong of ['', secret.slice(0, -1), `${secret}x`, secret.toLowerCase(), 'lockkeeper_'])
      expect(recogniseToken(context, wrong)).toBeNull();
    const other = openWorkspace(context.workspace.dataDirectory);
    expect(recogniseToken({ ...context, workspace: other }, secret)).not.toBeNull();
    await other.close();
  });

  it('is made and revoked by administrators, once for each name, and both are audited', async () => {
    await using test = await testBackend();
    const { context } = test.backend;
    const operator = contextWithRole(context, 'operator', 'token x');
    expect(() => createToken(operator, wanted)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'gate.role' }) }),
    );
    createToken(context, wanted);
    expect(() => createToken(context, { ...wanted, name: 'BUILD' })).toThrow(/There is a token named/);
    expect(() => createToken(context, { ...wanted, name: 'x\u001b[2J' })).toThrow(/letters, digits/);
    expect(() => createToken(context, { ...wanted, name: 'lab', environments: ['none'] })).toThrow(/no environment/);
    expect(() => revokeToken(operator, 'build')).toThrow(/administrator/);
    revokeToken(context, 'Build');
    expect(listTokens(context)).toEqual([]);
    expect(() => revokeToken(context, 'build')).toThrow(/no token build/);
    const actions = context.workspace.audit.list({ limit: 10 }).map(({ action, detail }) => [action, detail['name']]);
    expect(actions).toEqual([
      ['token revoked', 'build'],
      ['token created', 'build'],
    ]);
  });
});

describe('an answer kept for a key', () => {
  it('is found by the next process, and forgotten with its time or its token', async () => {
    await using test = await testBackend();
    const { context } = test.backend;
    const { token } = createToken(context, wanted);
    const { answers, dataDirectory } = context.workspace;
    const answer = { status: 202, headers: { location: '/api/runs/1' }, body: { run: '1' } };
    expect(answers.begin(token.id, 'key', 'digest', '2026-01-01T00:00:00.000Z')).toBeNull();
    expect(answers.begin(token.id, 'key', 'digest', '2026-01-01T00:00:01.000Z')).toEqual({
      request: 'digest',
      answer: null,
    });
    answers.finish(token.id, 'key', answer);
    const other = openWorkspace(dataDirectory);
    expect(other.answers.begin(token.id, 'key', 'another', '2026-01-01T00:00:02.000Z')).toEqual({
      request: 'digest',
      answer,
    });
    await other.close();
    expect(answers.begin('somebody else', 'key', 'digest', '2026-01-01T00:00:03.000Z')).toBeNull();
    answers.removeBefore('2026-01-01T00:00:00.000Z');
    expect(answers.begin(token.id, 'key', 'digest', '2026-01-02T00:00:00.000Z')).not.toBeNull();
    answers.removeBefore('2026-01-01T12:00:00.000Z');
    expect(answers.begin(token.id, 'key', 'digest', '2026-01-02T00:00:00.000Z')).toBeNull();
    revokeToken(context, 'build');
    expect(answers.begin(token.id, 'key', 'digest', '2026-01-02T00:00:00.000Z')).toBeNull();
  });
});
