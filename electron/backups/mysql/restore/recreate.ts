// Creates and drops views, triggers, routines and events, with the settings and rights that belong to them.
import { type Dialect, MessageFault, type Row, ServerFault, type Session } from '../../../engine/ports.ts';
import { quoteName } from '../catalogue.ts';
import { type Definition, quoteAccount } from './definitions.ts';

/** Routines called by views, views before triggers and events that may use them. */
const order = ['routine', 'view', 'trigger', 'event'] as const;

export async function drop(session: Session, definitions: readonly Definition[]): Promise<void> {
  for (const kind of order.toReversed())
    for (const { type, name } of definitions.filter((one) => one.kind === kind))
      await session.query(`DROP ${type} IF EXISTS ${quoteName(name)}`);
}

/** Leaves the session's own settings as they were. @throws {ServerFault} */
export async function create(session: Session, definitions: readonly Definition[], dialect: Dialect): Promise<void> {
  if (definitions.length === 0) return;
  const [own = {}] = await session.query(
    'SELECT @@sql_mode AS sql_mode, @@time_zone AS time_zone, @@collation_connection AS collation_connection',
  );
  try {
    for (const kind of order) {
      const some = definitions.filter((one) => one.kind === kind);
      if (kind === 'view') await createInAnyOrder(session, some, dialect);
      else for (const definition of some) await createOne(session, definition, dialect);
    }
  } finally {
    await set(session, own, dialect);
  }
}

/** Views may be built on views: those that lack one are tried again after the others. */
async function createInAnyOrder(session: Session, views: readonly Definition[], dialect: Dialect): Promise<void> {
  let waiting = views;
  while (waiting.length > 0) {
    const failed: Definition[] = [];
    let reason: unknown;
    for (const view of waiting) {
      try {
        await createOne(session, view, dialect);
      } catch (error) {
        if (!(error instanceof ServerFault) || error.kind !== 'noSuchTable') throw error;
        failed.push(view);
        reason = error;
      }
    }
    if (failed.length === waiting.length) throw reason;
    waiting = failed;
  }
}

async function createOne(session: Session, { settings, sql }: Definition, dialect: Dialect): Promise<void> {
  await set(session, settings, dialect);
  // Not `query`, which would take `$1` in a body for a parameter.
  try {
    await session.send([{ kind: 'control', sql }], { completed: () => undefined, notice: () => undefined });
  } catch (error) {
    throw error instanceof MessageFault ? error.fault : error;
  }
}

async function set(session: Session, settings: Row, { quoteLiteral }: Dialect): Promise<void> {
  const values = Object.entries(settings).map(([name, value]) => `${name} = ${quoteLiteral(value ?? null)}`);
  if (values.length > 0) await session.query(`SET SESSION ${values.join(', ')}`);
}

/**
 * Rights on single routines, which end with the routine they are on. Null: the account may not read them.
 */
export async function routineGrants(session: Session): Promise<ReadonlyMap<string, string[]> | null> {
  try {
    const rows = await session.query(
      'SELECT User AS user, Host AS host, Routine_name AS name, Routine_type AS type, Proc_priv AS privileges FROM mysql.procs_priv WHERE Db = DATABASE()',
    );
    const grants = new Map<string, string[]>();
    for (const row of rows) {
      const key = grantKey(String(row['type']), String(row['name']));
      grants.set(key, [...(grants.get(key) ?? []), grantOf(row)]);
    }
    return grants;
  } catch (error) {
    if (error instanceof ServerFault && (error.kind === 'rights' || error.kind === 'noSuchTable')) return null;
    throw error;
  }
}

export const grantKey = (type: string, name: string): string => `${type} ${name.toLowerCase()}`;

function grantOf(row: Row): string {
  const privileges = String(row['privileges']).split(',').filter(Boolean);
  const plain = privileges.filter((one) => one !== 'Grant');
  const option = privileges.length > plain.length ? ' WITH GRANT OPTION' : '';
  const host = String(row['host']);
  const account = quoteAccount(host === '' ? String(row['user']) : `${String(row['user'])}@${host}`);
  return `GRANT ${plain.join(', ') || 'USAGE'} ON ${String(row['type'])} ${quoteName(String(row['name']))} TO ${account}${option}`;
}
