/** The lock of tools that keep it in a row: a number that is 0 while nobody works. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { LockInfo } from '../../../shared/model/lock.ts';
import type { Dialect, Session, TableName } from '../../engine/ports.ts';
import { ServerFault } from '../../engine/ports.ts';

export interface RowLock {
  readonly engine: EngineId;
  readonly dialect: Dialect;
  readonly table: TableName;
  /** The column that is 0 or not. */
  readonly column: string;
  /** Statements that make the table with its row, where they are missing. */
  readonly create: readonly string[];
}

/**
 * What we write, so that a lock that a run of ours left behind when its process died is known as ours: our own lock is
 * held whenever this one is asked for, so that nobody else of us can be at work.
 */
const ourMark = 7365;

/** Null: taken. Never waits for another's transaction. */
export async function tryRowLock(session: Session, lock: RowLock): Promise<LockInfo | null> {
  if ((await session.columns(lock.table)) === null) await send(session, lock.create);
  const table = lock.dialect.quoteTable(lock.table);
  const column = lock.dialect.quoteIdentifier(lock.column);
  const isFree = `${column} IN (0, ${ourMark})`;
  try {
    await send(session, [lock.engine === 'sqlite' ? 'BEGIN IMMEDIATE' : 'START TRANSACTION']);
    const unlocked = lock.engine === 'sqlite' ? '' : ' FOR UPDATE SKIP LOCKED';
    const rows = await session.query(`SELECT ${column} AS state FROM ${table} WHERE ${isFree}${unlocked}`);
    const taken = rows.length === 1;
    if (taken) await send(session, [`UPDATE ${table} SET ${column} = ${ourMark} WHERE ${isFree}`]);
    await send(session, ['COMMIT']);
    return taken ? null : held;
  } catch (error) {
    if (!(error instanceof ServerFault) || error.kind !== 'lockTimeout') throw error;
    return held;
  }
}

export async function releaseRowLock(session: Session, { dialect, table, column }: RowLock): Promise<void> {
  const name = dialect.quoteIdentifier(column);
  await send(session, [`UPDATE ${dialect.quoteTable(table)} SET ${name} = 0 WHERE ${name} = ${ourMark}`]);
}

/** The row does not tell by whom. */
const held: LockInfo = { held: true, holder: null };

async function send(session: Session, statements: readonly string[]): Promise<void> {
  try {
    await session.send(
      statements.map((sql) => ({ kind: 'control', sql })),
      { completed: () => undefined, notice: () => undefined },
    );
  } catch (error) {
    throw error instanceof Error && 'fault' in error && error.fault instanceof ServerFault ? error.fault : error;
  }
}
