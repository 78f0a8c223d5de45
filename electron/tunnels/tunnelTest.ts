/** The steps of a tunnel, tried one by one. */
import { spawn } from 'node:child_process';
import type { SshTunnel } from '../../shared/model/environment.ts';
import { askSsh, sshArguments, sshEnvironment } from './sshCommand.ts';
import { sshFault, withoutSsh } from './sshFault.ts';

export interface Destination {
  readonly host: string;
  readonly port: number;
  /** Nothing of ssh's configuration stands between, such as a jump host. */
  readonly direct: boolean;
}

/** Where ssh would connect to, by its configuration; `ssh.host` may be a name of its own there. @throws {ServerFault} */
export async function destinationOf(ssh: SshTunnel): Promise<Destination> {
  const { output, words } = await askSsh(['-G', ...sshArguments(ssh, {})]);
  const value = (name: string): string | undefined => new RegExp(`^${name} (.+)$`, 'im').exec(output)?.[1]?.trim();
  const host = value('hostname');
  if (host === undefined) throw sshFault(words);
  const between = [value('proxyjump'), value('proxycommand')];
  return {
    host,
    port: Number(value('port') ?? 22),
    direct: between.every((one) => one === undefined || one === 'none'),
  };
}

/** Milliseconds; ssh's own limits are shorter. */
const mostMs = 30_000;

/** Logs in and out again. Resolves with how, in ssh's words. @throws {ServerFault} */
export function tryLogin(ssh: SshTunnel): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', ['-N', ...sshArguments(ssh, { options: { LogLevel: 'VERBOSE' } })], {
      env: sshEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
      detached: process.platform !== 'win32',
      timeout: mostMs,
    });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-8192);
      const how = /^Authenticated to .* using "([^"\n]+)"/m.exec(words)?.[1];
      if (how === undefined) return;
      resolve(how);
      child.kill();
    });
    child.once('error', (error) => reject(withoutSsh(error)));
    child.once('close', () => reject(sshFault(words)));
  });
}
