// Views, triggers, routines and events of one database: they cannot be renamed into another, so they are read, dropped
// and created again with the settings they were created under.
import type { Row, Session } from '../../../engine/ports.ts';
import { ServerFault } from '../../../engine/ports.ts';
import { quoteName } from '../catalogue.ts';

export interface Definition {
  readonly kind: 'view' | 'trigger' | 'routine' | 'event';
  /** As in SQL: `VIEW`, `PROCEDURE`, `PACKAGE BODY` … */
  readonly type: string;
  readonly name: string;
  /** With DEFINER, without the database's name. */
  readonly sql: string;
  /** Settings that are stored with it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of a trigger. */
  readonly table: string | null;
}

/** In the order in which they can be created, views among themselves apart. The session is on that database. */
export async function readDefinitions(session: Session): Promise<Definition[]> {
  return [
    ...(await readRoutines(session)),
    ...(await readViews(session)),
    ...(await readTriggers(session)),
    ...(await readEvents(session)),
  ];
}

async function readViews(session: Session): Promise<Definition[]> {
  const names = await session.query(
    'SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME',
  );
  return each(names, async (name) => {
    const [row = {}] = await session.query(`SHOW CREATE VIEW ${quoteName(name)}`);
    return view(name, String(row['Create View']), { collation_connection: row['collation_connection'] });
  });
}

const view = (name: string, sql: string, settings: Readonly<Record<string, Row[string] | undefined>>): Definition => ({
  kind: 'view',
  type: 'VIEW',
  name,
  sql,
  settings: known(settings),
  table: null,
});

/** SHOW CREATE TRIGGER names the table as its author wrote it; from the catalogue's parts it can be put on any table. */
async function readTriggers(session: Session): Promise<Definition[]> {
  const rows = await session.query(`SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS subject, ACTION_TIMING AS timing,
 EVENT_MANIPULATION AS occasion, ACTION_STATEMENT AS body, DEFINER AS definer, SQL_MODE AS sql_mode, COLLATION_CONNECTION AS collation_connection
FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
ORDER BY EVENT_OBJECT_TABLE, EVENT_MANIPULATION, ACTION_TIMING, ACTION_ORDER`);
  return rows.map((row) => ({
    kind: 'trigger',
    type: 'TRIGGER',
    name: String(row['name']),
    sql: triggerSql(row, String(row['subject'])),
    settings: known({ sql_mode: row['sql_mode'], collation_connection: row['collation_connection'] }),
    table: String(row['subject']),
  }));
}

const triggerSql = (row: Row, table: string): string =>
  `CREATE DEFINER=${quoteAccount(String(row['definer']))} TRIGGER ${quoteName(String(row['name']))} ${String(row['timing'])} ${String(row['occasion']).replaceAll(',', ' OR ')} ON ${quoteName(table)} FOR EACH ROW ${String(row['body'])}`;

/** The same trigger on another table of its database. */
export const onTable = (trigger: Definition, table: string): Definition => ({
  ...trigger,
  sql: trigger.sql.replace(
    ` ON ${quoteName(trigger.table ?? '')} FOR EACH ROW `,
    () => ` ON ${quoteName(table)} FOR EACH ROW `,
  ),
  table,
});

async function readRoutines(session: Session): Promise<Definition[]> {
  const rows = await session.query(
    `SELECT ROUTINE_NAME AS name, ROUTINE_TYPE AS type FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
ORDER BY FIELD(ROUTINE_TYPE, 'PACKAGE', 'PACKAGE BODY', 'FUNCTION', 'PROCEDURE'), ROUTINE_NAME`,
  );
  const found: Definition[] = [];
  for (const { name, type } of rows) {
    const [row = {}] = await session.query(`SHOW CREATE ${String(type)} ${quoteName(String(name))}`);
    found.push({
      kind: 'routine',
      type: String(type),
      name: String(name),
      sql: readable(Object.entries(row).find(([column]) => column.startsWith('Create '))?.[1], `${type} ${name}`),
      settings: known({ sql_mode: row['sql_mode'], collation_connection: row['collation_connection'] }),
      table: null,
    });
  }
  return found;
}

async function readEvents(session: Session): Promise<Definition[]> {
  const names = await session.query(
    'SELECT EVENT_NAME AS name FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY EVENT_NAME',
  );
  return each(names, async (name) => {
    const [row = {}] = await session.query(`SHOW CREATE EVENT ${quoteName(name)}`);
    const { sql_mode, time_zone, collation_connection } = row;
    return {
      kind: 'event',
      type: 'EVENT',
      name,
      sql: String(row['Create Event']),
      settings: known({ sql_mode, time_zone, collation_connection }),
      table: null,
    };
  });
}

async function each(rows: readonly Row[], read: (name: string) => Promise<Definition>): Promise<Definition[]> {
  const found: Definition[] = [];
  for (const row of rows) found.push(await read(String(row['name'])));
  return found;
}

/** The server hides the text of others' routines from those without the right to read it. */
function readable(text: Row[string] | undefined, what: string): string {
  if (typeof text === 'string') return text;
  throw new ServerFault('rights', `The text of the ${what} is hidden from this account.`);
}

const known = (settings: Readonly<Record<string, Row[string] | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

/** `user@host`; the user's name may hold an @ itself, and a role has no host. */
export function quoteAccount(account: string): string {
  const at = account.lastIndexOf('@');
  return at === -1 ? quoteName(account) : `${quoteName(account.slice(0, at))}@${quoteName(account.slice(at + 1))}`;
}

export const sameDefinition = (a: Definition, b: Definition): boolean => JSON.stringify(a) === JSON.stringify(b);
export const sameName = (a: Definition, b: Definition): boolean => a.type === b.type && a.name === b.name;
