import type { SettingsInput } from '../../shared/contract/inputs.ts';
import type { ApplicationInfo, Settings } from '../../shared/contract/views.ts';
import type { Context } from './context.ts';

const defaults: Settings = { theme: 'system', density: 'comfortable' };
const settingsKey = 'interface';

export const readSettings = (context: Context): Settings => ({
  ...defaults,
  ...context.workspace.settings.get<Settings>(settingsKey),
});

export function saveSettings(context: Context, changed: SettingsInput): Settings {
  const settings = { ...readSettings(context), ...changed };
  context.workspace.settings.set(settingsKey, settings);
  context.changes.publish({ kind: 'settings', environmentId: null });
  return settings;
}

export async function describeApplication({ host, workspace, credentials }: Context): Promise<ApplicationInfo> {
  const health = await credentials.keychain.health();
  return {
    version: host.version,
    shell: host.shell === 'electron' ? 'electron' : 'browser',
    platform: process.platform,
    hostName: host.hostName,
    user: host.user,
    dataDirectory: workspace.dataDirectory,
    keychain: { available: health.kind === 'available', reason: health.kind === 'available' ? null : health.message },
  };
}
