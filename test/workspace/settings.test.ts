import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { compose } from '../../electron/compose.ts';
import { problemFrom } from '../../shared/problem.ts';

it('Stored settings that this version cannot read refuse, instead of taking a protection away in silence', async () => {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'lockkeeper-settings-'));
  const written = await compose({ dataDirectory, shell: 'commandLine' });
  written.context.workspace.settings.set('layer.tier.production', { protection: { typedName: 'perhaps' } });
  await written.close();
  const { context, close } = await compose({ dataDirectory, shell: 'commandLine' });
  let code: string | null = null;
  try {
    context.workspace.settings.layers();
  } catch (thrown) {
    code = problemFrom(thrown).code;
  }
  expect(code).toBe('workspace.damaged');
  context.workspace.settings.setTierLayer('production', { protection: { typedName: true } });
  expect(context.workspace.settings.layers().tiers.production).toEqual({ protection: { typedName: true } });
  await close();
  await rm(dataDirectory, { recursive: true, force: true });
});
