import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { portableFolder } from './portableFolder.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The one data directory of window, command line and server: LOCKKEEPER_HOME, else the folder beside a portable
 * application, else where the system keeps such things.
 */
export function dataDirectory(
  variables: Variables = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
  codeFolder: string = import.meta.dirname,
): string {
  const chosen = variables['LOCKKEEPER_HOME'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  const portable = portableFolder(codeFolder, variables, platform);
  if (portable !== null) return portable;
  if (platform === 'win32') return join(variables['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Lockkeeper');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Lockkeeper');
  const data = variables['XDG_DATA_HOME'];
  // The XDG specification has relative paths ignored.
  return join(data?.startsWith('/') === true ? data : join(home, '.local', 'share'), 'lockkeeper');
}
