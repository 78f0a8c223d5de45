// What the parts of the drivers' suite do again and again.
import { expect } from 'vitest';
import type { SessionOptions } from '../../electron/databases/driver.ts';
import {
  type FaultKind,
  MessageFault,
  type MessageObserver,
  ServerFault,
  type Session,
  type Unit,
  type UnitResult,
} from '../../electron/engine/ports.ts';
import type { Engine, EngineDatabase } from './drivers.ts';
import { options } from './sessionOptions.ts';

export interface OpenSession extends Session, AsyncDisposable {}

/** A session that closes at the end of the block. */
export async function open(
  engine: Engine,
  database: EngineDatabase,
  changes: Partial<SessionOptions> = {},
): Promise<OpenSession> {
  return disposable(
    await engine.driver.connect(database.connection, { ...options, password: database.password, ...changes }),
  );
}

export const disposable = (session: Session): OpenSession =>
  Object.assign(session, { [Symbol.asyncDispose]: () => session.close() });

export const control = (...sqls: readonly string[]): Unit[] => sqls.map((sql) => ({ kind: 'control', sql }));

export const statements = (...sqls: readonly string[]): Unit[] =>
  sqls.map((sql, index) => ({
    kind: 'statement',
    sql,
    statement: { index, text: sql, line: index + 1, column: 1, copiesData: false },
  }));

export interface Heard extends MessageObserver {
  readonly units: number[];
  readonly results: UnitResult[];
  readonly notices: string[];
}

/** An observer that remembers; `react` is called after each completed unit. */
export function listen(react: (unit: number) => void = () => undefined): Heard {
  const heard: Heard = {
    units: [],
    results: [],
    notices: [],
    completed: (unit, result) => {
      heard.units.push(unit);
      heard.results.push(result);
      react(unit);
    },
    notice: (_severity, message) => heard.notices.push(message),
  };
  return heard;
}

export async function run(session: Session, ...sqls: readonly string[]): Promise<void> {
  await session.send(statements(...sqls), listen());
}

export async function faultOf(action: Promise<unknown>): Promise<ServerFault> {
  const thrown: unknown = await action.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  );
  const fault = thrown instanceof MessageFault ? thrown.fault : thrown;
  if (!(fault instanceof ServerFault)) throw fault;
  return fault;
}

export async function expectFault(action: Promise<unknown>, kind: FaultKind): Promise<void> {
  expect(await faultOf(action)).toMatchObject({ kind });
}

export async function scalar(session: Session, sql: string): Promise<unknown> {
  const [row] = await session.query(sql);
  return row?.['value'];
}
