// What an interrupted run may have left: a connection at work, and rows of tables without transactions.
import { type Aftermath, type Row, ServerFault, type Session } from '../../engine/ports.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { mysqlLexicon } from './lexicon.ts';
import { findWorker, onlineAlterLeftovers } from './onlineAlter.ts';

/** Milliseconds by which the server's start, computed from its uptime, may differ between two sessions. */
const startTolerance = 5_000;

/**
 * Numbers of connections begin anew with the server, and are a node's own: null when it was started since, or is another.
 * What an unseen session on another node of a cluster still does is kept from being committed by the lease's fence.
 */
function connectionOf(session: Session, backend: string): number | null {
  const [id, started, node] = backend.split(' ');
  const [, own, ownNode] = session.identity.backend.split(' ');
  const apart = Math.abs(Date.parse(started ?? '') - Date.parse(own ?? ''));
  return apart <= startTolerance && node === ownNode && Number.isInteger(Number(id)) ? Number(id) : null;
}

export const mysqlAftermath: Aftermath = {
  async findSession(session, backend) {
    const connection = connectionOf(session, backend);
    if (connection === null) return null;
    const worker = await findWorker(session, backend);
    const [row] = await session.query(
      'SELECT ID AS id, LEFT(INFO, 1000) AS statement, TIME * 1000 AS age FROM information_schema.PROCESSLIST WHERE ID IN ($1, $2) ORDER BY ID = $1 DESC',
      [connection, worker ?? connection],
    );
    if (row === undefined) return null;
    const statement = textOf(row['statement']);
    return { id: String(row['id']), statement, ageMs: statement === null ? null : Number(row['age']) };
  },
  async endSession(session, backend) {
    const connection = connectionOf(session, backend);
    if (connection === null) return;
    const worker = await findWorker(session, backend);
    for (const one of worker === null ? [connection] : [connection, worker]) await kill(session, one);
  },
  leftovers: onlineAlterLeftovers,
  isUndoable,
};

async function kill(session: Session, connection: number): Promise<void> {
  try {
    await session.query(`KILL CONNECTION ${connection}`);
  } catch (error) {
    // ER_NO_SUCH_THREAD: it ended by itself.
    if (!(error instanceof ServerFault && error.code === '1094')) throw error;
  }
}

async function isUndoable(session: Session, tables: readonly string[]): Promise<boolean> {
  if (tables.length === 0) return true;
  for (const table of tables) {
    const [name = '', schema = null] = tokensOf(mysqlLexicon, table)
      .filter((part) => part !== '.')
      .map(unquoted)
      .reverse();
    const [row] = await session.query(ofTable, [schema, name]);
    if (row === undefined) continue;
    if (row['plain'] === 1 ? row['transactional'] !== 1 : Number(row['others']) > 0) return false;
  }
  return true;
}

/** A view, and a table with triggers, may change rows anywhere in its schema. */
const ofTable = `SELECT e.TRANSACTIONS = 'YES' AS transactional,
 (t.TABLE_TYPE = 'BASE TABLE' AND NOT EXISTS (SELECT 1 FROM information_schema.TRIGGERS g WHERE g.EVENT_OBJECT_SCHEMA = t.TABLE_SCHEMA AND g.EVENT_OBJECT_TABLE = t.TABLE_NAME)) AS plain,
 (SELECT COUNT(*) FROM information_schema.TABLES o JOIN information_schema.ENGINES x ON x.ENGINE = o.ENGINE
   WHERE o.TABLE_SCHEMA = t.TABLE_SCHEMA AND o.TABLE_TYPE = 'BASE TABLE' AND x.TRANSACTIONS <> 'YES') AS others
 FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
 WHERE t.TABLE_SCHEMA = COALESCE($1, DATABASE()) AND t.TABLE_NAME = $2`;

const unquoted = (name: string): string => (name.startsWith('`') ? name.slice(1, -1).replaceAll('``', '`') : name);

const textOf = (value: Row[string] | undefined): string | null =>
  value === null || value === undefined || value === '' ? null : String(value);
