/** What MySQL and MariaDB tell of a statement: the algorithm and lock they accept for it, new table spaces, locked rows. */
import { setTimeout as pause } from 'node:timers/promises';
import type { SeenLock } from '../../../shared/model/rehearsal.ts';
import { type Row, ServerFault, type Session } from '../../engine/ports.ts';
import type { StatementObserver } from '../observer.ts';
import { type AcceptedAlgorithm, acceptedAlgorithm } from './algorithm.ts';
import { classify, tablesOf } from './classify.ts';

/** Milliseconds for which MariaDB's InnoDB answers from what it has gathered before. */
const cachedMs = 120;
/** Times that this is waited for in one rehearsal. */
const mostPauses = 100;

export function observe(session: Session): StatementObserver {
  const isMariadb = session.identity.product === 'MariaDB';
  let before: ReadonlyMap<string, string> | null = null;
  let accepted: AcceptedAlgorithm | null = null;
  let pauses = 0;

  /** Ids by table: one that was copied or rebuilt has another. Null: this account may not see them. */
  async function tableIds(): Promise<ReadonlyMap<string, string> | null> {
    const view = isMariadb ? 'INNODB_SYS_TABLES' : 'INNODB_TABLES';
    const rows = await orNull(
      session.query(
        `SELECT NAME AS name, TABLE_ID AS id FROM information_schema.${view} WHERE NAME LIKE CONCAT(REPLACE(DATABASE(), '_', '\\\\_'), '/%')`,
      ),
    );
    return rows === null ? null : new Map(rows.map(({ name, id }) => [tableIn(String(name)), String(id)]));
  }

  async function lockedRows(statement: string): Promise<number | null> {
    if (!changesFoundRows.test(statement) || pauses >= mostPauses) return null;
    pauses += 1;
    await pause(cachedMs);
    const rows = await orNull(
      session.query(
        'SELECT trx_rows_locked AS found FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = CONNECTION_ID()',
      ),
    );
    return rows?.[0] === undefined ? null : Number(rows[0]['found']);
  }

  return {
    async before(statement) {
      accepted = null;
      before = null;
      if (!classify(statement).implicitCommit) return;
      accepted = await orNull(acceptedAlgorithm(session, statement));
      before = await tableIds();
    },
    async after(statement) {
      const from = before;
      const now = from === null ? null : await tableIds();
      const rewritten =
        from === null || now === null ? null : [...from].filter(([name, id]) => now.has(name) && now.get(name) !== id);
      return {
        locks: accepted === null ? null : locksOf(statement, accepted),
        lockedRows: await lockedRows(statement),
        rewritten: rewritten?.map(([name]) => name) ?? null,
        scanned: null,
        algorithm: accepted,
      };
    },
    failed: () => undefined,
    isOwn: () => false,
  };
}

const changesFoundRows = /^\s*(?:UPDATE|DELETE|REPLACE|INSERT\b[\s\S]*\bSELECT)\b/i;

/** `database/table`, with other signs than letters and digits written as `@` and four digits. */
const tableIn = (name: string): string =>
  name
    .slice(name.indexOf('/') + 1)
    .replace(/@([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

function locksOf(statement: string, { lock }: AcceptedAlgorithm): SeenLock[] {
  const keepsOut = lock === 'EXCLUSIVE' ? 'everybody' : lock === 'SHARED' ? 'writers' : 'changes';
  return tablesOf(statement)
    .slice(0, 1)
    .map((table) => ({ table: table.replaceAll('`', ''), mode: `LOCK=${lock}`, keepsOut }));
}

async function orNull<T extends Row[] | AcceptedAlgorithm | null>(question: Promise<T>): Promise<T | null> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof ServerFault && error.kind !== 'connectionLost') return null;
    throw error;
  }
}
