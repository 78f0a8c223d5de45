/** Walks a connection from the host's name to the dump program; each failure names its fix. Writes nothing. */
import { lookup } from 'node:dns/promises';
import { access, constants } from 'node:fs/promises';
import net from 'node:net';
import { ulid } from 'ulid';
import type { ConnectionInput } from '../../shared/contract/inputs.ts';
import type { Connection, Environment, NetworkConnection } from '../../shared/model/environment.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import type { ConnectionCheck, ConnectionTest } from '../../shared/model/status.ts';
import { type Problem, ProblemError, problemFrom } from '../../shared/problem.ts';
import { driverFor } from '../databases/registry.ts';
import { ServerFault, type Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { connectionProblem } from './problems.ts';
import { requireSameAddress } from './secretAddress.ts';
import { preflightBackup } from './takeBackup.ts';
import { findEnvironment, openSession, passwordInFiles, resolveTarget, type TargetDatabase } from './target.ts';

const networkTimeoutMs = 5_000;

export async function testConnection(
  context: Context,
  { connection, password: given, id }: ConnectionInput,
): Promise<ConnectionTest> {
  const password =
    given ?? (id === null ? (await passwordInFiles(connection)).password : await passwordOf(context, id, connection));
  const checks: ConnectionCheck[] = [];
  const reached =
    connection.engine === 'sqlite' ? await checkFile(connection.file, checks) : await checkNetwork(connection, checks);
  if (!reached) return { checks, identity: null };
  const target = unnamedTarget(connection, password);
  try {
    const session = await openSession(context, target, true);
    try {
      checks.push(...describeSession(session, connection), await checkDump(context, target, session));
      const { product, version, database, user } = session.identity;
      return { checks, identity: { product, version, database, user } };
    } finally {
      await session.close();
    }
  } catch (thrown) {
    checks.push(failedLogin(problemFrom(thrown)));
    return { checks, identity: null };
  }
}

async function passwordOf(context: Context, nameOrId: string, connection: Connection): Promise<string | null> {
  requireSameAddress(findEnvironment(context, nameOrId), connection);
  return (await resolveTarget(context, { kind: 'environment', nameOrId })).password;
}

const passed = (name: ConnectionCheck['name'], detail: string): ConnectionCheck => ({
  name,
  outcome: 'passed',
  detail,
  problem: null,
});
const failed = (name: ConnectionCheck['name'], problem: Problem): ConnectionCheck => ({
  name,
  outcome: 'failed',
  detail: problem.message,
  problem,
});

async function checkFile(file: string, checks: ConnectionCheck[]): Promise<boolean> {
  try {
    await access(file, constants.R_OK);
    checks.push(passed('name', file));
    return true;
  } catch (thrown) {
    const fault = new ServerFault('noDatabase', thrown instanceof Error ? thrown.message : String(thrown), {
      cause: thrown,
    });
    checks.push(failed('name', connectionProblem(fault, { engine: 'sqlite', file })));
    return false;
  }
}

async function checkNetwork(connection: NetworkConnection, checks: ConnectionCheck[]): Promise<boolean> {
  if (connection.host.startsWith('/')) {
    checks.push(passed('name', `local socket in ${connection.host}`));
    return true;
  }
  try {
    const { address } = await lookup(connection.host);
    checks.push(passed('name', address === connection.host ? address : `${connection.host} is ${address}`));
  } catch (thrown) {
    checks.push(
      failed(
        'name',
        connectionProblem(
          new ServerFault('unreachable', `The name “${connection.host}” has no address.`, { cause: thrown }),
          connection,
        ),
      ),
    );
    return false;
  }
  return reachPort(connection, checks);
}

function reachPort(connection: NetworkConnection, checks: ConnectionCheck[]): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: connection.host, port: connection.port, timeout: networkTimeoutMs });
    const end = (check: ConnectionCheck) => {
      socket.destroy();
      checks.push(check);
      resolve(check.outcome === 'passed');
    };
    const refuse = (message: string) =>
      end(failed('network', connectionProblem(new ServerFault('unreachable', message), connection)));
    socket.once('connect', () => end(passed('network', `port ${connection.port} answers`)));
    socket.once('timeout', () => refuse(`No answer from port ${connection.port} in ${networkTimeoutMs / 1000} s.`));
    socket.once('error', (error) => refuse(error.message));
  });
}

/** Which rung a failed login belongs to, by its code. */
function failedLogin(problem: Problem): ConnectionCheck {
  const name =
    problem.code === 'connect.tls'
      ? 'tls'
      : problem.code === 'connect.noDatabase'
        ? 'database'
        : problem.code.startsWith('connect.')
          ? 'login'
          : 'rights';
  return failed(name, problem);
}

function describeSession(session: Session, connection: Connection): ConnectionCheck[] {
  const { identity } = session;
  const checks = [passed('database', `${identity.database} on ${identity.product} ${identity.version}`)];
  if (connection.engine !== 'sqlite')
    checks.unshift(passed('login', `logged in as ${identity.user}, TLS: ${connection.tls}`));
  checks.push(
    identity.readOnly
      ? {
          name: 'rights',
          outcome: 'warned',
          detail: 'The server is read-only: status can be read, nothing can be migrated.',
          problem: null,
        }
      : passed('rights', 'the server accepts writes'),
  );
  return checks;
}

async function checkDump(context: Context, target: TargetDatabase, session: Session): Promise<ConnectionCheck> {
  try {
    const { program } = await preflightBackup(context, target, session);
    return passed('dumpProgram', program === null ? 'built in' : `${program.name} ${program.version}`);
  } catch (thrown) {
    if (!(thrown instanceof ProblemError) && !(thrown instanceof ServerFault)) throw thrown;
    const problem = problemFrom(thrown);
    return { name: 'dumpProgram', outcome: 'warned', detail: problem.message, problem };
  }
}

function unnamedTarget(connection: Connection, password: string | null): TargetDatabase {
  const environment: Environment = {
    id: '',
    name: `test-${ulid()}`,
    tier: 'development',
    colour: 'grey',
    group: '',
    connection,
    credential: { kind: 'none' },
    protection: protectionByTier.development,
    source: null,
  };
  return { environment, driver: driverFor(connection.engine), password, tierMissing: false, passwordNote: null };
}
