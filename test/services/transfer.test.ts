/** Environments and settings carried from one workspace to another. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addEnvironment } from '../../electron/services/environments.ts';
import { exportEnvironments } from '../../electron/services/exportEnvironments.ts';
import { importEnvironments, previewImport } from '../../electron/services/importEnvironments.ts';
import { saveSettings } from '../../electron/services/settings.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import type { SettingsLayers } from '../../shared/model/settings.ts';
import { type TestBackend, testBackend } from './backend.ts';
import { environmentOf } from './values.ts';

let here: TestBackend;
let there: TestBackend;
let file: string;
beforeEach(async () => {
  [here, there] = await Promise.all([testBackend(), testBackend()]);
  file = path.join(here.folder, 'export.json');
});
afterEach(async () => {
  await here[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
});

const request = (settings: boolean) => ({ pgpass: false, pgService: false, myCnf: false, file, tier: null, settings });

/** Layers that say something. */
const said = ({ workspace, tiers }: SettingsLayers) =>
  Object.fromEntries(Object.entries({ workspace, ...tiers }).filter(([, layer]) => Object.keys(layer).length > 0));

/** From a workspace with settings on every level. */
async function exported() {
  const { context } = here.backend;
  const { id } = await addEnvironment(context, {
    ...environmentOf('sqlite:/var/lib/a.db', '/src'),
    name: 'A',
    tier: 'test',
  });
  const dumpCommand = { command: ['ssh', 'host', 'pg_dump'], shell: true, host: null, port: null };
  const layers = [
    { scope: { kind: 'workspace' }, values: { lockTimeoutMs: 1000, backup: { folder: '/backups', encrypted: true } } },
    { scope: { kind: 'tier', tier: 'test' }, values: { protection: { reason: true }, backup: { dumpCommand } } },
    {
      scope: { kind: 'environment', id },
      values: { administratorOnly: true, protection: { typedName: true }, backup: { compression: 3, folder: '/a' } },
    },
  ] as const;
  for (const layer of layers) await saveSettings(context, { layer });
  const report = exportEnvironments(context);
  await writeFile(file, report.text);
  return report;
}

it('settings of an environment travel with it; what belongs to the computer stays, and is told', async () => {
  const { leftOut, text } = await exported();
  expect(leftOut).toEqual(['settings: backup.folder', 'settings of test: backup.dumpCommand', 'A: backup.folder']);
  expect(text).not.toMatch(/pg_dump|\/backups/);
  const { context } = there.backend;
  const report = await importEnvironments(context, request(false));
  expect(report).toMatchObject({ added: ['A'], settingsAdded: false });
  expect(said(context.workspace.settings.layers())).toEqual({});
  // What held there holds here, also what came from the tier's settings.
  const environment = context.workspace.environments.find('A');
  expect(environment).toMatchObject({
    protection: { ...protectionByTier.test, typedName: true, reason: true },
    settings: { administratorOnly: true, backup: { compression: 3 }, protection: { typedName: true, reason: true } },
  });
});

it('settings for all come only when asked for, and take the place of nothing', async () => {
  await exported();
  const { context } = there.backend;
  await saveSettings(context, { layer: { scope: { kind: 'workspace' }, values: { lockTimeoutMs: 9000 } } });
  const { settings } = await previewImport(context, request(true));
  expect(settings).toEqual([
    { scope: 'workspace', values: { backup: { encrypted: true } } },
    { scope: 'test', values: { protection: { reason: true } } },
  ]);
  expect(await importEnvironments(context, request(true))).toMatchObject({ added: ['A'], settingsAdded: true });
  expect(said(context.workspace.settings.layers())).toEqual({
    workspace: { lockTimeoutMs: 9000, backup: { encrypted: true } },
    test: { protection: { reason: true } },
  });
  // Its reason is its tier's again, and changes with it.
  expect(context.workspace.environments.find('A')?.settings?.protection).toEqual({ typedName: true });
  const audited = context.workspace.audit.list({ limit: 20 }).map(({ action }) => action);
  expect(audited.filter((action) => action === 'settings changed')).toHaveLength(3);
  expect(await importEnvironments(context, request(true))).toMatchObject({ added: [], settingsAdded: false });
});

it('a file of an earlier version is read, and what a hostile one names of this computer is not taken', async () => {
  await exported();
  const { environments } = JSON.parse(await readFile(file, 'utf8')) as { environments: Record<string, unknown>[] };
  const [one] = environments;
  delete one?.['settings'];
  await writeFile(file, JSON.stringify({ lockkeeperEnvironments: 1, environments }));
  const { context } = there.backend;
  expect(await previewImport(context, request(true))).toMatchObject({ settings: [] });
  const hostile = { command: ['sh', '-c', 'true'], shell: true, host: null, port: null };
  await writeFile(
    file,
    JSON.stringify({
      lockkeeperEnvironments: 1,
      environments: [{ ...one, settings: { backup: { dumpCommand: hostile, folder: '//elsewhere/share' } } }],
      settings: { workspace: { backup: { dumpCommand: hostile } }, tiers: {} },
    }),
  );
  expect(await importEnvironments(context, request(true))).toMatchObject({ added: ['A'], settings: [] });
  expect(context.workspace.environments.find('A')?.settings?.backup).toBeUndefined();
});
