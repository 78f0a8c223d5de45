import { expect, test } from 'vitest';
import { readSettings, saveSettings } from '../../electron/services/settings.ts';
import { testBackend } from './backend.ts';

test('updates have no address until an administrator names one without a password; each change is written down', async () => {
  await using backend = await testBackend();
  const { context } = backend.backend;
  const address = 'https://updates.example.org/lockkeeper';
  expect((await readSettings(context)).updateAddress).toBeNull();
  expect((await saveSettings(context, { updateAddress: address })).updateAddress).toBe(address);
  await expect(
    saveSettings(context, { updateAddress: 'https://anna:secret@updates.example.org' }),
  ).rejects.toMatchObject({ problem: { code: 'usage.invalid' } });
  await expect(saveSettings({ ...context, role: 'operator' }, { updateAddress: null })).rejects.toMatchObject({
    problem: { code: 'gate.role' },
  });
  expect((await saveSettings(context, { updateAddress: null })).updateAddress).toBeNull();
  const written = JSON.stringify(context.workspace.audit.list({ limit: 10 }));
  expect(written).toContain(address);
  expect(written).not.toContain('secret');
});
