/** Liquibase's lock: a row that says who has it (lockservice/StandardLockService.java). It outlives a holder that died. */
import { hostname } from 'node:os';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { LockInfo } from '../../../shared/model/lock.ts';
import type { Dialect, Session, TableName } from '../../engine/ports.ts';
import { shortened, textOf, utcText } from '../common/historyRows.ts';

export async function tryLockRow(
  session: Session,
  engine: EngineId,
  dialect: Dialect,
  table: TableName,
): Promise<LockInfo | null> {
  const quoted = dialect.quoteTable(table);
  if ((await session.columns(table)) === null) await send(session, createTable(engine, quoted));
  const yes = truth(engine, true);
  const no = truth(engine, false);
  await send(
    session,
    `INSERT INTO ${quoted} (ID, LOCKED) SELECT 1, ${no} FROM (SELECT 1 AS one) AS single WHERE NOT EXISTS (SELECT 1 FROM ${quoted} WHERE ID = 1)`,
  );
  const by = dialect.quoteLiteral(holderOf(session));
  const free = `(LOCKED = ${no} OR LOCKEDBY LIKE ${dialect.quoteLiteral(`%${ours}%`)})`;
  await send(
    session,
    `UPDATE ${quoted} SET LOCKED = ${yes}, LOCKEDBY = ${by}, LOCKGRANTED = ${dialect.now} WHERE ID = 1 AND ${free}`,
  );
  const [row] = await session.query(
    `SELECT LOCKEDBY AS locked_by, ${utcText(engine, 'LOCKGRANTED')} AS granted FROM ${quoted} WHERE ID = 1`,
  );
  const lockedBy = textOf(row?.['locked_by']);
  if (lockedBy === holderOf(session)) return null;
  return { held: true, holder: { ...told(lockedBy), since: textOf(row?.['granted']), alive: true, remedy } };
}

/** In a row of ours. Our own lock is taken before this one: whoever of us wrote it has ended without freeing it. */
const ours = '(Lockkeeper, ';

/** Liquibase writes `host (address)`. */
function told(lockedBy: string | null): { person: string; host: string | null; process: null } {
  return { person: 'Liquibase', host: lockedBy, process: null };
}

const remedy =
  'Wait until it has ended. A Liquibase that was killed leaves its lock behind: if none is running there any more, end it with “liquibase release-locks”.';

/** Only what this session has taken. */
export async function releaseLockRow(session: Session, dialect: Dialect, table: TableName): Promise<void> {
  const quoted = dialect.quoteTable(table);
  await send(
    session,
    `UPDATE ${quoted} SET LOCKED = ${dialect.quoteLiteral(false)}, LOCKEDBY = NULL, LOCKGRANTED = NULL WHERE ID = 1 AND LOCKEDBY = ${dialect.quoteLiteral(holderOf(session))}`,
  );
}

const holderOf = ({ identity }: Session): string => shortened(`${hostname()} ${ours}${identity.backend})`, 255);

const truth = (engine: EngineId, value: boolean): string =>
  engine === 'postgres' ? String(value).toUpperCase() : value ? '1' : '0';

function createTable(engine: EngineId, quoted: string): string {
  const [truthType, time, whole] = {
    postgres: ['BOOLEAN', 'TIMESTAMP WITHOUT TIME ZONE', 'INTEGER'],
    mysql: ['TINYINT(1)', 'datetime', 'INT'],
    sqlite: ['BOOLEAN', 'TEXT', 'INTEGER'],
  }[engine];
  const name =
    engine === 'postgres' ? 'CONSTRAINT databasechangeloglock_pkey ' : 'CONSTRAINT PK_DATABASECHANGELOGLOCK ';
  return `CREATE TABLE IF NOT EXISTS ${quoted} (ID ${whole} NOT NULL, LOCKED ${truthType} NOT NULL, LOCKGRANTED ${time}, LOCKEDBY VARCHAR(255), ${name}PRIMARY KEY (ID))`;
}

async function send(session: Session, sql: string): Promise<void> {
  await session.send([{ kind: 'control', sql }], { completed: () => undefined, notice: () => undefined });
}
