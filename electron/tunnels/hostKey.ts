/** The key that an SSH server shows, and writing it down as known once a person has compared it. */
import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SshTunnel } from '../../shared/model/environment.ts';
import { askSsh, sshArguments } from './sshCommand.ts';
import { sshFault } from './sshFault.ts';

export interface HostKey {
  /** As OpenSSH names it, `ED25519` for example. */
  readonly kind: string;
  /** `SHA256:…`, as OpenSSH shows it. */
  readonly fingerprint: string;
  /** The line of a file of known hosts. */
  readonly line: string;
}

/** Asks the server for its key, through jump hosts too; no login is tried. @throws {ServerFault} kind `tunnel` */
export async function readHostKey(ssh: SshTunnel): Promise<HostKey> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-hostkey-'));
  try {
    const file = join(folder, 'known_hosts');
    const { words } = await askSsh(
      sshArguments(ssh, {
        options: {
          UserKnownHostsFile: `"${file}"`,
          GlobalKnownHostsFile: 'none',
          StrictHostKeyChecking: 'accept-new',
          HashKnownHosts: 'no',
          UpdateHostKeys: 'no',
          PreferredAuthentications: 'none',
        },
      }),
    );
    const line = (await readFile(file, 'utf8').catch(() => '')).trim();
    const [, kind, key] = line.split(/\s+/);
    if (kind === undefined || key === undefined) throw sshFault(words);
    return { kind: kindName(kind), fingerprint: fingerprintOf(key), line };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Adds it to the file that ssh itself would write to. Returns that file's path. @throws {ServerFault} kind `tunnel` */
export async function rememberHostKey(ssh: SshTunnel, { line }: HostKey): Promise<string> {
  const file = ssh.knownHostsFile ?? (await userKnownHosts(ssh));
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = await readFile(file, 'utf8').catch(() => '');
  await appendFile(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`, { mode: 0o600 });
  return file;
}

/** The first that the user's configuration names for this host. */
async function userKnownHosts(ssh: SshTunnel): Promise<string> {
  const { output } = await askSsh(['-G', ...sshArguments(ssh, {})]);
  const first = /^userknownhostsfile\s+(\S+)/im.exec(output)?.[1] ?? '~/.ssh/known_hosts';
  return first.replace(/^~(?=\/|$)/, homedir());
}

/** ssh-ed25519, ecdsa-sha2-nistp256, rsa-sha2-512 … */
const kindName = (kind: string): string =>
  kind.startsWith('ecdsa')
    ? 'ECDSA'
    : kind
        .replace(/^(?:sk-)?ssh-/, '')
        .replace(/@.*$/, '')
        .toUpperCase();

const fingerprintOf = (key: string): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;
