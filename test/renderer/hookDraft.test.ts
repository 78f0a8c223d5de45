import { expect, test } from 'vitest';
import { draftOf, hookOf } from '../../renderer/features/settings/hookDraft.ts';
import type { Hook } from '../../shared/model/hook.ts';

const about = { name: 'gate', moment: 'before', actions: ['up'], timeoutSeconds: 30 } as const;
const command: Hook = { ...about, kind: 'command', command: ['/bin/sh', '-c', 'echo a\necho b'], folder: '/srv' };
const webhook: Hook = { ...about, kind: 'webhook', url: 'https://desk.example/', signed: true };

test.each([command, webhook])('what nobody changed stays as it is: $kind', (hook) => {
  expect(hookOf(draftOf(hook), hook)).toEqual(hook);
});

test('arguments are one a line, and a folder that is emptied is none', () => {
  expect(hookOf({ ...draftOf(command), words: '--strict\n\n a b ', folder: ' ' }, command)).toEqual({
    ...about,
    kind: 'command',
    command: ['/bin/sh', '--strict', ' a b '],
  });
});

test('what is missing keeps it from being set', () => {
  const draft = { ...draftOf(null), name: 'gate', program: '/bin/true' };
  expect(hookOf(draft, null)).not.toBeNull();
  for (const missing of [
    { name: ' ' },
    { program: '' },
    { actions: [] },
    { timeout: '' },
    { kind: 'webhook' as const },
  ])
    expect(hookOf({ ...draft, ...missing }, null)).toBeNull();
});

test('a secret goes by the name: a webhook with another name needs one again', () => {
  const renamed = { ...draftOf(webhook), name: 'desk' };
  expect(hookOf(renamed, webhook)).toBeNull();
  expect(hookOf({ ...renamed, secret: 'too short' }, webhook)).toBeNull();
  expect(hookOf({ ...renamed, secret: 'a secret of the desk' }, webhook)).toEqual({ ...webhook, name: 'desk' });
  expect(hookOf({ ...renamed, signed: false }, webhook)).toEqual({ ...webhook, name: 'desk', signed: false });
});
