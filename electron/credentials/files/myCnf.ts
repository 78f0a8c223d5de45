/** The password in MySQL's own option file, for the connections it is meant for. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { OptionGroup } from './optionFile.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The user's own; the system's files hold no passwords. */
export const myCnfFile = (variables: Variables = process.env, platform: NodeJS.Platform = process.platform): string =>
  platform === 'win32'
    ? join(variables['APPDATA'] ?? '', 'MySQL', 'my.cnf')
    : join(variables['HOME'] ?? homedir(), '.my.cnf');

/** Groups that the clients of MySQL and MariaDB read. */
export const clientGroups: ReadonlySet<string> = new Set([
  'client',
  'client-mariadb',
  'client-server',
  'mysql',
  'mariadb',
]);

/**
 * Of the last client group that names one. Where the file also names a host, port or user, the password goes to no other:
 * a password meant for one server is not shown to a second.
 */
export function myCnfPassword(
  groups: readonly OptionGroup[],
  { host, port, user }: Pick<NetworkConnection, 'host' | 'port' | 'user'>,
): string | null {
  const options = new Map(groups.filter(({ name }) => clientGroups.has(name)).flatMap((group) => [...group.options]));
  const password = options.get('password');
  const fits = (name: string, ...values: readonly string[]): boolean => {
    const wanted = options.get(name);
    return wanted === undefined || values.includes(wanted);
  };
  const hosts = loopback.has(host) || host.startsWith('/') ? [host, ...loopback] : [host];
  const meant = fits('host', ...hosts) && fits('port', String(port)) && fits('user', user);
  return !meant || password === undefined || password === '' ? null : password;
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);
