// Sessions of the driver under test, closed with their block.

import type { SessionOptions } from '../../../electron/databases/driver.ts';
import { connect } from '../../../electron/databases/mysql/connect.ts';
import type { MysqlSession } from '../../../electron/databases/mysql/session.ts';
import type { MessageObserver, Unit, UnitResult } from '../../../electron/engine/ports.ts';
import { MessageFault, ServerFault } from '../../../electron/engine/ports.ts';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { Account, TestServer } from '../../servers/index.ts';

export interface Target {
  readonly server: TestServer;
  readonly database: string;
  readonly account?: Account;
}

export const connectionTo = ({ server, database, account = server.superuser }: Target): NetworkConnection => ({
  engine: 'mysql',
  host: server.host,
  port: server.port,
  database,
  user: account.user,
  tls: 'disable',
});

export const optionsFor = (
  { server, account = server.superuser }: Target,
  changes: Partial<SessionOptions> = {},
): SessionOptions => ({
  password: account.password,
  applicationName: 'lockkeeper ann@desk#1',
  readOnly: false,
  connectTimeoutMs: 10_000,
  lockTimeoutMs: 5_000,
  ...changes,
});

export interface OpenSession extends AsyncDisposable {
  readonly session: MysqlSession;
}

export async function open(
  target: Target,
  options: Partial<SessionOptions> = {},
  connection: Partial<NetworkConnection> = {},
): Promise<OpenSession> {
  const session = await connect({ ...connectionTo(target), ...connection }, optionsFor(target, options));
  return { session, [Symbol.asyncDispose]: () => session.close() };
}

export const control = (sql: string): Unit => ({ kind: 'control', sql });
export const controls = (...sql: string[]): Unit[] => sql.map(control);

export const statement = (sql: string, index = 0): Unit => ({
  kind: 'statement',
  sql,
  statement: { index, text: sql, line: 1, column: 1, copiesData: false },
});

export interface Recorded extends MessageObserver {
  readonly units: number[];
  readonly results: UnitResult[];
  readonly notices: string[];
}

export function recorder(): Recorded {
  const units: number[] = [];
  const results: UnitResult[] = [];
  const notices: string[] = [];
  return {
    units,
    results,
    notices,
    completed(unit, result) {
      units.push(unit);
      results.push(result);
    },
    notice: (severity, message) => notices.push(`${severity}: ${message}`),
  };
}

/** First column of each unit's rows. */
export const firstCells = ({ results }: Recorded): (string | null | undefined)[][] =>
  results.map(({ resultSet }) => (resultSet?.rows ?? []).map(([cell]) => cell));

/** The fault that `promise` must end with. */
export async function faultOf(promise: Promise<unknown>): Promise<ServerFault> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof MessageFault) return error.fault;
  if (error instanceof ServerFault) return error;
  throw error;
}

export async function messageFaultOf(promise: Promise<unknown>): Promise<MessageFault> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof MessageFault) return error;
  throw error;
}
