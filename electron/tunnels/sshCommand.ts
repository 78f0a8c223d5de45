/** How the system's own ssh is called: its keys, agent, known hosts, jump hosts and ~/.ssh/config hold, and it asks nothing. */
import { spawn } from 'node:child_process';
import type { SshTunnel } from '../../shared/model/environment.ts';
import { ServerFault } from '../engine/ports.ts';
import { withoutSsh } from './sshFault.ts';

/** Seconds. */
const connectTimeout = 10;
/** Seconds between two questions whether the other side is there, and how many may stay unanswered. */
const alive = { interval: 10, count: 3 };

const commonOptions: Readonly<Record<string, string | number>> = {
  BatchMode: 'yes',
  ConnectTimeout: connectTimeout,
  ServerAliveInterval: alive.interval,
  ServerAliveCountMax: alive.count,
  // What the user's configuration would do besides.
  ClearAllForwardings: 'yes',
  ControlMaster: 'no',
  ForwardAgent: 'no',
  ForwardX11: 'no',
  PermitLocalCommand: 'no',
  RequestTTY: 'no',
};

/** What is asked of ssh: a way to an address beyond the server, or nothing but its key. */
export interface SshCall {
  readonly options?: Readonly<Record<string, string | number>>;
  /** `host:port` beyond the server. */
  readonly forward?: string;
}

/** Arguments that hold no secret. @throws {ServerFault} kind `tunnel` for names that no server has */
export function sshArguments(ssh: SshTunnel, { options = {}, forward }: SshCall): string[] {
  requireName(ssh.host, 'host');
  if (ssh.user !== undefined) requireName(ssh.user, 'user');
  const own = {
    ...commonOptions,
    StrictHostKeyChecking: 'yes',
    // At this level ssh tells why, whatever the user's configuration says.
    LogLevel: 'INFO',
    ...(ssh.knownHostsFile === undefined ? {} : { UserKnownHostsFile: quoted(ssh.knownHostsFile) }),
    ...(ssh.keyFile === undefined ? {} : { IdentityFile: quoted(ssh.keyFile), IdentitiesOnly: 'yes' }),
    ...options,
  };
  return [
    ...Object.entries(own).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...(ssh.port === undefined ? [] : ['-p', String(ssh.port)]),
    ...(ssh.user === undefined ? [] : ['-l', ssh.user]),
    ...(forward === undefined ? [] : ['-W', forward]),
    '--',
    ssh.host,
  ];
}

/** ssh puts both into commands of its configuration: whatever a shell would read is refused (CVE-2023-51385). */
function requireName(name: string, what: 'host' | 'user'): void {
  if (/^[\w.][\w.:@%+\\-]*$/.test(name) && !name.includes('..\\')) return;
  throw new ServerFault('tunnel', `The SSH ${what} is not a name that a server can have.`);
}

/** Within double quotes; a percent sign would begin one of ssh's own words. */
function quoted(file: string): string {
  if (/["\n]/.test(file)) throw new ServerFault('tunnel', 'The path of an SSH file holds a quote or a line break.');
  return `"${file.replaceAll('%', '%%')}"`;
}

/** No settings of database clients, and nothing that could ask a person in our place. */
export const sshEnvironment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(PG|MYSQL|MARIADB|LOCKKEEPER_|SSH_ASKPASS|DISPLAY$|WAYLAND_DISPLAY$|NODE_|ELECTRON_)/.test(name),
    ),
  ),
  LC_ALL: 'C',
});

/** Milliseconds; ssh's own limits are shorter. */
const mostMs = 30_000;

/** Runs ssh to its end. @throws {ServerFault} when it cannot be started */
export function askSsh(args: readonly string[]): Promise<{ output: string; words: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', args, {
      env: sshEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      detached: process.platform !== 'win32',
      timeout: mostMs,
    });
    let [output, words] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, 65_536);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-8192);
    });
    child.once('error', (error) => reject(withoutSsh(error)));
    child.once('close', () => resolve({ output, words }));
  });
}
