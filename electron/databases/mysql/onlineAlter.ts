// What a program that changes a table by a copy needs to know of it, and what it leaves when it is killed.
import { createHash } from 'node:crypto';
import type { Leftovers, Row, Session } from '../../engine/ports.ts';
import { readDemandable } from './alteration.ts';
import { mysqlDialect } from './dialect.ts';

export interface TableChange {
  readonly table: string;
  /** What stands behind the table's name. */
  readonly clauses: string;
}

/** Null: it is no change of a table of the session's own database. */
export function tableChange(statement: string): TableChange | null {
  const read = readDemandable(statement);
  if (read === null || read.alteration.form !== 'ALTER TABLE' || read.alteration.table.schema !== null) return null;
  const { table, nameEnd, end } = read.alteration;
  return { table: table.name, clauses: read.text.slice(nameEnd, end).trim() };
}

/** Ours alone: nobody's own table is taken for a program's. */
const copySuffix = '_lockkeeper';
export const copyName = (table: string): string => `_${table}${copySuffix}`;
/** What %T stands for is the table's name. */
export const copyNamePattern = `_%T${copySuffix}`;
/** As pt-online-schema-change calls what it has exchanged. */
export const oldName = (table: string): string => `_${table}_old`;
/** Longest name of which these can be made. */
export const longestTable = 64 - copySuffix.length - 1;

/** pt-online-schema-change 3: the prefix is cut to 60 characters before its endings. */
export const triggerNames = (database: string, table: string): string[] =>
  ['ins', 'upd', 'del'].map((event) => `${`pt_osc_${database}_${table}`.replace(/[^\w]/g, '_').slice(0, 60)}_${event}`);

/** Held by the program's own connection for as long as it works for the run of this session (`ServerIdentity.backend`). */
export const workLock = (backend: string): string =>
  `lockkeeper:osc:${createHash('sha256').update(backend).digest('hex').slice(0, 40)}`;

/** Connection of the program that works for the run of that session; null: it is gone, or there was none. */
export async function findWorker(session: Session, backend: string): Promise<number | null> {
  const [row] = await session.query('SELECT IS_USED_LOCK($1) AS connection', [workLock(backend)]);
  const connection = row?.['connection'];
  return connection === null || connection === undefined ? null : Number(connection);
}

interface Found {
  readonly triggers: readonly Row[];
  readonly tables: ReadonlySet<string>;
}

export async function findWork(session: Session, table: string): Promise<Found> {
  const { database } = session.identity;
  const names = triggerNames(database, table);
  const [triggers, tables] = await Promise.all([
    session.query(
      'SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS on_table FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND TRIGGER_NAME IN ($1, $2, $3)',
      names,
    ),
    session.query(
      'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ($1, $2, $3)',
      [table, copyName(table), oldName(table)],
    ),
  ]);
  return { triggers, tables: new Set(tables.map(({ name }) => String(name))) };
}

/** What a killed program left of this statement. Asked when it is gone: while it works, its triggers must stay. */
export async function onlineAlterLeftovers(session: Session, statement: string): Promise<Leftovers | null> {
  const change = tableChange(statement);
  if (change === null) return null;
  const { table } = change;
  const { triggers, tables } = await findWork(session, table);
  const isCopied = tables.has(copyName(table));
  if (triggers.length === 0 && !isCopied) return null;
  const { quoteIdentifier } = mysqlDialect;
  const ending = triggers.map(({ name }) => `DROP TRIGGER IF EXISTS ${quoteIdentifier(String(name))}`);
  const isExchanged = !isCopied && triggers.some((row) => row['on_table'] === oldName(table));
  return isExchanged
    ? { cleanup: [...ending, `DROP TABLE IF EXISTS ${quoteIdentifier(oldName(table))}`], afterwards: 'done' }
    : { cleanup: [...ending, `DROP TABLE IF EXISTS ${quoteIdentifier(copyName(table))}`], afterwards: 'again' };
}
