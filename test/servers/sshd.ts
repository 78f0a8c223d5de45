// An SSH server of its own for one test, run by the servers' user on a free port of 127.0.0.1, with keys of its own.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ServerFolder } from './folder.ts';
import { giveToServer, identity, serverEnvironment } from './identity.ts';
import { requireProgram } from './programs.ts';

export interface SshServer extends AsyncDisposable {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  /** Private key that the server lets in. */
  readonly keyFile: string;
  /** A key that it does not let in. */
  readonly foreignKeyFile: string;
  /** Does not exist yet. */
  readonly knownHostsFile: string;
  /** As ssh-keygen tells it. */
  readonly fingerprint: string;
  /** Connections that it has forwarded, by its own log. */
  forwarded(): Promise<number>;
  /** Ends it, and with it what goes through it. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 10_000;
const POLL_MS = 30;

export async function startSshd(settings: readonly string[] = []): Promise<SshServer> {
  const folder = await ServerFolder.create('sshd', 'KILL');
  const own = await mkdtemp(join(tmpdir(), 'lockkeeper-ssh-'));
  const hostKey = await newKey(join(folder.path, 'host'));
  giveToServer(hostKey);
  const keyFile = await newKey(join(own, 'key'));
  const foreignKeyFile = await newKey(join(own, 'foreign'));
  const authorized = join(folder.path, 'authorized_keys');
  await writeFile(authorized, await readFile(`${keyFile}.pub`));
  await chmod(authorized, 0o644);
  const port = await freePort();
  const config = join(folder.path, 'sshd_config');
  await writeFile(config, [...configuration(port, hostKey, authorized), ...settings, ''].join('\n'));
  const log = join(folder.path, 'server.log');
  const output = openSync(log, 'w');
  const child = spawn(requireProgram('sshd'), ['-D', '-e', '-f', config], {
    ...identity,
    cwd: folder.path,
    env: serverEnvironment(folder.path),
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  await once(child, 'spawn');
  folder.watch(child.pid);
  child.unref();
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      // Each connection has processes in a session of its own.
      const connections = descendantsOf(child.pid);
      child.ref();
      const ended = once(child, 'exit');
      for (const pid of [child.pid, ...connections]) process.kill(pid, 'SIGKILL');
      await ended;
    }
    folder.watch(undefined);
  };
  await untilListening(port, log);
  return {
    host: '127.0.0.1',
    port,
    user: userOf(),
    keyFile,
    foreignKeyFile,
    knownHostsFile: join(own, 'known_hosts'),
    fingerprint: (await promisify(execFile)('ssh-keygen', ['-lf', `${hostKey}.pub`])).stdout.split(' ')[1] ?? '',
    forwarded: async () => (await readFile(log, 'utf8')).split('server_request_direct_tcpip:').length - 1,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await folder.remove();
      await rm(own, { recursive: true, force: true });
    },
  };
}

const configuration = (port: number, hostKey: string, authorized: string): readonly string[] => [
  'ListenAddress 127.0.0.1',
  `Port ${port}`,
  `HostKey ${hostKey}`,
  `AuthorizedKeysFile ${authorized}`,
  'PidFile none',
  // The folder belongs to another user than the server's when the tests are run by root.
  'StrictModes no',
  // Without it an account whose password cannot be read counts as locked.
  'UsePAM yes',
  'PasswordAuthentication no',
  'KbdInteractiveAuthentication no',
  'LogLevel DEBUG1',
];

const userOf = (): string =>
  identity.uid === undefined
    ? userInfo().username
    : execFileSync('id', ['-nu', String(identity.uid)], { encoding: 'utf8' }).trim();

function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

async function newKey(file: string): Promise<string> {
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
  return file;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

async function untilListening(port: number, log: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const [event] = await Promise.race([
      once(socket, 'data').then(() => ['data'] as const),
      once(socket, 'close').then(() => ['close'] as const),
    ]).catch(() => ['error'] as const);
    socket.destroy();
    if (event === 'data') return;
    if (Date.now() > deadline) throw new Error(`sshd did not answer:\n${await readFile(log, 'utf8')}`);
    await delay(POLL_MS);
  }
}
