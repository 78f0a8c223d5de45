import type { ApplicationInfo } from '../../shared/contract/views.ts';
import type { Context } from './context.ts';

export async function describeApplication({ host, workspace, credentials, role }: Context): Promise<ApplicationInfo> {
  const health = await credentials.keychain.health();
  return {
    version: host.version,
    shell: host.shell === 'electron' ? 'electron' : 'browser',
    platform: process.platform,
    hostName: host.hostName,
    user: host.user,
    dataDirectory: workspace.dataDirectory,
    keychain: { available: health.kind === 'available', reason: health.kind === 'available' ? null : health.message },
    role,
  };
}
