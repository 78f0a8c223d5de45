// What may be sent of a dump, and how: events sleep until the swap, and somebody else's dump fills one database only.
import type { Statement } from '../../../../shared/model/statement.ts';
import { raise } from '../../../../shared/problem.ts';
import type { SqlText } from '../../../engine/ports.ts';

const eventHead =
  /^(?<head>[\s\S]{0,1000}?\bEVENT\s+`(?:[^`]|``)+`\s+ON\s+SCHEDULE\s+[^`]*?ON\s+COMPLETION\s+(?:NOT\s+)?PRESERVE\s+)(?<state>ENABLE|DISABLE\s+ON\s+(?:SLAVE|REPLICA)|DISABLE)\b/i;

/** Marks an event that will be enabled when it is put in place; as it is, it never runs. */
export const asleep = (sql: string): string =>
  isEvent(sql) ? changeState(sql, (state) => (state === 'ENABLE' ? 'DISABLE ON SLAVE' : 'DISABLE')) : sql;

export const awake = (sql: string): string => changeState(sql, (state) => (state === 'DISABLE' ? 'DISABLE' : 'ENABLE'));

/** Views and stored programs run with the rights of whoever creates them, then. */
export const withoutDefiner = (sql: string): string =>
  /^CREATE\b/i.test(plainHead(sql)) ? sql.replace(/\bDEFINER\s*=\s*`(?:[^`]|``)*`@`(?:[^`]|``)*`/i, '') : sql;

export const isEvent = (sql: string): boolean =>
  /^CREATE\b[^`]*(?:`(?:[^`]|``)*`@`(?:[^`]|``)*`)?[^`]*\bEVENT\b/i.test(plainHead(sql));

function changeState(sql: string, change: (state: string) => string): string {
  if (!eventHead.test(sql))
    raise({
      code: 'restore.unfit',
      message: `An event is written in a way that is not understood: ${sql.slice(0, 120)}`,
      hint: 'Take the dump without events (--skip-events) and create them afterwards.',
    });
  return sql.replace(eventHead, (_all, head: string, state: string) => head + change(state.toUpperCase()));
}

/** The beginning of a statement as the server reads it: what stands in `/*!50003 … *\/` is part of it. */
function plainHead(sql: string): string {
  return sql
    .slice(0, 2_000)
    .replace(/\/\*M?!\d*/g, ' ')
    .replaceAll('*/', ' ')
    .replace(/^(?:\s+|--[^\n]*\n|#[^\n]*\n|\/\*[\s\S]*?(?:\*\/|$))+/, '')
    .trimStart();
}

const refused: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^(USE|RENAME)\b|^(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(DATABASE|SCHEMA)\b/i, 'names another database'],
  [
    /^(GRANT|REVOKE)\b|^(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(USER|ROLE|SERVER|TABLESPACE|LOGFILE)\b/i,
    'concerns the whole server',
  ],
  [/^SET\s+(GLOBAL|PERSIST|PASSWORD|ROLE|DEFAULT|@@GLOBAL|@@PERSIST)/i, 'concerns the whole server'],
  [
    /^(INSTALL|UNINSTALL|FLUSH|RESET|SHUTDOWN|KILL|CHANGE|START|STOP|PURGE|BINLOG|RESTART|CLONE)\b/i,
    'concerns the whole server',
  ],
  [/^CREATE\s+(AGGREGATE\s+)?FUNCTION\s+\S+\s+RETURNS\s+\w+\s+SONAME\b/i, 'loads a library into the server'],
  [/^(LOAD|CALL|PREPARE|EXECUTE|HANDLER|SELECT|SHOW|WITH|VALUES|BEGIN)\b/i, 'is no part of a dump'],
];

/** @throws {ProblemError} `restore.unfit` */
export function requireForeignStatement(statement: Statement, text: string, sql: SqlText): void {
  const head = plainHead(text);
  const setsServer =
    /^SET\b/i.test(head) && /@@(?:GLOBAL|PERSIST)\s*\.\s*\w+\s*:?=|,\s*(?:GLOBAL|PERSIST)\s/i.test(head);
  const what =
    refused.find(([pattern]) => pattern.test(head))?.[1] ?? (setsServer ? 'concerns the whole server' : undefined);
  const writes =
    /^(INSERT|REPLACE|UPDATE|DELETE|CREATE|ALTER|DROP|TRUNCATE|LOCK)\b/i.test(head) && !/\bVIEW\b/i.test(head);
  const other = writes && !isBody(head) && sql.tablesOf(text).some((table) => isQualified(table));
  if (what === undefined && !other) return;
  raise({
    code: 'restore.unfit',
    message: `Line ${statement.line} of the dump ${what ?? 'names another database'}: ${head.slice(0, 80)}`,
    hint: 'Take the dump again of one database, without --databases and --all-databases.',
    line: statement.line,
  });
}

const isBody = (head: string): boolean => /^CREATE\b[^(]*\b(TRIGGER|FUNCTION|PROCEDURE|EVENT|PACKAGE)\b/i.test(head);

const isQualified = (table: string): boolean => table.replace(/`(?:[^`]|``)*`/g, 'x').includes('.');
