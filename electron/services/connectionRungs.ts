/** The rungs of a connection test up to the database's own: file, name, network, SSH. Nothing is written. */
import { lookup } from 'node:dns/promises';
import { access, constants } from 'node:fs/promises';
import net from 'node:net';
import type { Connection, FileConnection, NetworkConnection, SshTunnel } from '../../shared/model/environment.ts';
import type { ConnectionCheck, UnknownHostKey } from '../../shared/model/status.ts';
import type { Problem } from '../../shared/problem.ts';
import { type FaultKind, ServerFault } from '../engine/ports.ts';
import { readHostKey } from '../tunnels/hostKey.ts';
import { destinationOf, tryLogin } from '../tunnels/tunnelTest.ts';
import { connectionProblem } from './problems.ts';

/** Milliseconds. */
const networkTimeoutMs = 5_000;

type Name = ConnectionCheck['name'];

export const passed = (name: Name, detail: string): ConnectionCheck => ({
  name,
  outcome: 'passed',
  detail,
  problem: null,
});
export const warned = (name: Name, detail: string, problem: Problem | null = null): ConnectionCheck => ({
  name,
  outcome: 'warned',
  detail,
  problem,
});
export const failed = (name: Name, problem: Problem): ConnectionCheck => ({
  name,
  outcome: 'failed',
  detail: problem.message,
  problem,
});

/** What was found on the way to the server. */
export interface Reached {
  /** The last one is the failed one, if any is. */
  readonly checks: readonly ConnectionCheck[];
  readonly hostKey: UnknownHostKey | null;
}

export async function reach(connection: Connection): Promise<Reached> {
  if (connection.engine === 'sqlite') return { checks: [await checkFile(connection)], hostKey: null };
  if (connection.ssh !== undefined) return throughTunnel(connection, connection.ssh);
  return { checks: await reachHost(connection, connection), hostKey: null };
}

async function checkFile(connection: FileConnection): Promise<ConnectionCheck> {
  try {
    await access(connection.file, constants.R_OK);
    return passed('name', connection.file);
  } catch (thrown) {
    return fault('name', 'noDatabase', thrown instanceof Error ? thrown.message : String(thrown), connection);
  }
}

/** The name and the port of the first computer on the way. */
async function reachHost(
  { host, port }: { readonly host: string; readonly port: number },
  connection: NetworkConnection,
): Promise<ConnectionCheck[]> {
  if (host.startsWith('/')) return [passed('name', `local socket in ${host}`)];
  try {
    const { address } = await lookup(host);
    const name = passed('name', address === host ? address : `${host} is ${address}`);
    return [name, await reachPort(host, port, connection)];
  } catch {
    return [fault('name', 'unreachable', `The name “${host}” has no address.`, connection)];
  }
}

function reachPort(host: string, port: number, connection: NetworkConnection): Promise<ConnectionCheck> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: networkTimeoutMs });
    const end = (check: ConnectionCheck) => {
      socket.destroy();
      resolve(check);
    };
    const refuse = (message: string) => end(fault('network', 'unreachable', message, connection));
    socket.once('connect', () => end(passed('network', `port ${port} answers`)));
    socket.once('timeout', () => refuse(`No answer from port ${port} in ${networkTimeoutMs / 1000} s.`));
    socket.once('error', (error) => refuse(error.message));
  });
}

/** To the SSH server; whether that reaches the database is seen by the login. */
async function throughTunnel(connection: NetworkConnection, ssh: SshTunnel): Promise<Reached> {
  const checks: ConnectionCheck[] = [];
  try {
    const destination = await destinationOf(ssh);
    if (destination.direct) checks.push(...(await reachHost(destination, connection)));
    else checks.push(passed('name', `${destination.host}, by what ~/.ssh/config has for ${ssh.host}`));
    if (checks.some(({ outcome }) => outcome === 'failed')) return { checks, hostKey: null };
    checks.push(passed('ssh', `logged in to ${ssh.host} by ${await tryLogin(ssh)}`));
    return { checks, hostKey: null };
  } catch (thrown) {
    if (!(thrown instanceof ServerFault)) throw thrown;
    checks.push(failed('ssh', connectionProblem(thrown, connection)));
    return { checks, hostKey: thrown.kind === 'hostKeyUnknown' ? await unknownKey(ssh) : null };
  }
}

async function unknownKey(ssh: SshTunnel): Promise<UnknownHostKey> {
  const { kind, fingerprint } = await readHostKey(ssh);
  return { host: ssh.host, kind, fingerprint };
}

const fault = (name: Name, kind: FaultKind, message: string, connection: Connection): ConnectionCheck =>
  failed(name, connectionProblem(new ServerFault(kind, message), connection));
