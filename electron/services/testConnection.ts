/** Walks a connection from the host's name to the dump program; each failure names its fix. Writes nothing. */
import { ulid } from 'ulid';
import type { ConnectionInput } from '../../shared/contract/inputs.ts';
import type { Connection, Environment } from '../../shared/model/environment.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import type { ConnectionCheck, ConnectionTest } from '../../shared/model/status.ts';
import { type Problem, ProblemError, problemFrom } from '../../shared/problem.ts';
import { driverFor } from '../databases/registry.ts';
import { ServerFault, type Session } from '../engine/ports.ts';
import { failed, passed, reach, warned } from './connectionRungs.ts';
import type { Context } from './context.ts';
import { requireSameAddress } from './secretAddress.ts';
import { describeSession } from './sessionRungs.ts';
import { preflightBackup } from './takeBackup.ts';
import { findEnvironment, openSession, passwordInFiles, resolveTarget, type TargetDatabase } from './target.ts';

export async function testConnection(
  context: Context,
  { connection, password: given, id }: ConnectionInput,
): Promise<ConnectionTest> {
  const password =
    given ?? (id === null ? (await passwordInFiles(connection)).password : await passwordOf(context, id, connection));
  const { checks: reached, hostKey } = await reach(connection);
  const checks = [...reached];
  if (checks.some(({ outcome }) => outcome === 'failed')) return { checks, hostKey, identity: null };
  const target = unnamedTarget(connection, password);
  try {
    const session = await openSession(context, target, true);
    try {
      checks.push(...(await describeSession(session, connection)), await checkDump(context, target, session));
      const { product, version, database, user } = session.identity;
      return { checks, hostKey, identity: { product, version, database, user } };
    } finally {
      await session.close();
    }
  } catch (thrown) {
    checks.push(failedLogin(problemFrom(thrown)));
    return { checks, hostKey, identity: null };
  }
}

async function passwordOf(context: Context, nameOrId: string, connection: Connection): Promise<string | null> {
  requireSameAddress(findEnvironment(context, nameOrId), connection);
  return (await resolveTarget(context, { kind: 'environment', nameOrId })).password;
}

/** Which rung a failed login belongs to, by its code. */
function failedLogin(problem: Problem): ConnectionCheck {
  const rung = rungs[problem.code];
  return failed(rung ?? (problem.code.startsWith('connect.') ? 'login' : 'rights'), problem);
}

const rungs: Readonly<Partial<Record<Problem['code'], ConnectionCheck['name']>>> = {
  'connect.unreachable': 'network',
  'connect.tunnel': 'ssh',
  'connect.tls': 'tls',
  'connect.noDatabase': 'database',
};

async function checkDump(context: Context, target: TargetDatabase, session: Session): Promise<ConnectionCheck> {
  try {
    const { program } = await preflightBackup(context, target, session);
    return passed('dumpProgram', program === null ? 'built in' : `${program.name} ${program.version}`);
  } catch (thrown) {
    if (!(thrown instanceof ProblemError) && !(thrown instanceof ServerFault)) throw thrown;
    const problem = problemFrom(thrown);
    return warned('dumpProgram', problem.message, problem);
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
