/** A session whose statements are looked at one by one: what runs through it runs as ever, and is written down. */
import type { RehearsedStatement } from '../../shared/model/rehearsal.ts';
import type { Statement } from '../../shared/model/statement.ts';
import type { Driver } from '../databases/driver.ts';
import { type HeardNotice, nothingSeen } from '../databases/observer.ts';
import {
  type Clock,
  keptOfStatement,
  MessageFault,
  type MessageObserver,
  ServerFault,
  type Session,
  type Unit,
  type UnitResult,
} from '../engine/ports.ts';

/** Statements of a step that are listed; and changes of data among them that are looked at. */
const mostListed = 2000;
const mostData = 200;

type StatementUnit = Extract<Unit, { kind: 'statement' }>;

export interface ObservedSession {
  readonly session: Session;
  /** What was seen since the last call. */
  take(): { readonly statements: readonly RehearsedStatement[]; readonly unlisted: number };
}

/** @param beyond what a statement does outside of the database, in words; null: nothing. Such a one is refused. */
export function observeSession(
  session: Session,
  driver: Pick<Driver, 'observe' | 'sql' | 'control'>,
  clock: Clock,
  beyond: (sql: string) => string | null,
): ObservedSession {
  const observer = driver.observe(session);
  let records: RehearsedStatement[] = [];
  let unlisted = 0;
  let data = 0;

  /** Settings and transactions are not asked into: a question would already be a part of the transaction. */
  function looksAt({ sql }: StatementUnit): boolean {
    const { kind } = driver.sql.classify(sql);
    if (kind === 'session' || kind === 'transactionControl') return false;
    return kind === 'definition' || data++ < mostData;
  }

  /** A batched statement is one, however often it is sent; the parts of a statement are several. */
  function keep(statement: Statement, seen: Omit<RehearsedStatement, 'statement' | 'part' | 'line' | 'text'>): void {
    const text = statement.text.slice(0, keptOfStatement);
    const same = records.filter((one) => one.statement === statement.index);
    const repeated = same.find((one) => one.text === text);
    if (repeated !== undefined)
      records[records.indexOf(repeated)] = {
        ...repeated,
        durationMs: repeated.durationMs + seen.durationMs,
        rows: repeated.rows === null ? seen.rows : repeated.rows + (seen.rows ?? 0),
      };
    else if (records.length >= mostListed) unlisted += 1;
    else records.push({ statement: statement.index, part: same.length, line: statement.line, text, ...seen });
  }

  async function sendOne(unit: StatementUnit, told: MessageObserver): Promise<void> {
    const looks = looksAt(unit);
    if (looks) await observer.before(unit.sql);
    const notices: HeardNotice[] = [];
    const results: UnitResult[] = [];
    const startedAt = clock.elapsed();
    try {
      await session.send([unit], {
        completed: (_, result) => results.push(result),
        notice: (severity, message) => {
          notices.push({ severity, message });
          if (!observer.isOwn({ severity, message })) told.notice(severity, message);
        },
      });
    } catch (thrown) {
      if (looks) observer.failed();
      throw thrown;
    }
    const durationMs = clock.elapsed() - startedAt;
    const [result] = results;
    keep(unit.statement, {
      durationMs: Math.round(durationMs * 10) / 10,
      rows: result?.affectedRows ?? result?.resultSet?.rowCount ?? null,
      ...(looks ? await observer.after(unit.sql, notices) : nothingSeen),
      probe: await stateAfter(unit.sql, session, driver),
    });
    told.completed(0, result ?? { affectedRows: null, resultSet: null });
  }

  async function send(units: readonly Unit[], told: MessageObserver): Promise<void> {
    let waiting: { readonly unit: Unit; readonly index: number }[] = [];
    const flush = async () => {
      const sending = waiting;
      waiting = [];
      const first = sending[0]?.index ?? 0;
      if (sending.length > 0)
        await shifted(first, () =>
          session.send(
            sending.map(({ unit }) => unit),
            shiftedObserver(told, first),
          ),
        );
    };
    for (const [index, unit] of units.entries()) {
      if (unit.kind === 'control') {
        waiting.push({ unit, index });
        continue;
      }
      await flush();
      const does = beyond(unit.sql);
      if (does !== null) throw new MessageFault(index, new ServerFault('statement', `Refused: it ${does}.`));
      await shifted(index, () => sendOne(unit, shiftedObserver(told, index)));
    }
    await flush();
  }

  return {
    session: { ...delegating(session), send },
    take() {
      const taken = { statements: records, unlisted };
      records = [];
      unlisted = 0;
      data = 0;
      return taken;
    },
  };
}

/** As the journal of a real run will find it, where its end is not certain. */
async function stateAfter(sql: string, session: Session, { control }: Pick<Driver, 'control'>): Promise<string | null> {
  const probe = control.probe(sql);
  if (probe === null) return null;
  try {
    const [row] = await session.query(`SELECT ${probe.state} AS state`);
    return row?.['state'] == null ? null : String(row['state']);
  } catch (thrown) {
    if (thrown instanceof ServerFault && thrown.kind !== 'connectionLost') return null;
    throw thrown;
  }
}

const shiftedObserver = (told: MessageObserver, by: number): MessageObserver => ({
  completed: (unit, result) => told.completed(unit + by, result),
  notice: (severity, message) => told.notice(severity, message),
});

async function shifted(by: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof MessageFault) throw new MessageFault(thrown.unit + by, thrown.fault);
    throw thrown instanceof ServerFault ? new MessageFault(by, thrown) : thrown;
  }
}

const delegating = (session: Session): Session => ({
  get identity() {
    return session.identity;
  },
  get capabilities() {
    return session.capabilities;
  },
  send: (units, observer) => session.send(units, observer),
  copyIn: (sql, data) => session.copyIn(sql, data),
  query: (sql, parameters) => session.query(sql, parameters),
  columns: (table) => session.columns(table),
  ...(session.attach === undefined
    ? {}
    : { attach: async (file: string, name: string) => (await session.attach?.(file, name)) ?? false }),
  cancel: () => session.cancel(),
  tryLock: (name, holder) => session.tryLock(name, holder),
  lockInfo: (name) => session.lockInfo(name),
  unlock: (name) => session.unlock(name),
  confirmLocks: (always) => session.confirmLocks(always),
  mayFreeLocks: (sql) => session.mayFreeLocks(sql),
  fence: () => session.fence(),
  endHolder: (name) => session.endHolder(name),
  close: () => session.close(),
  abandon: (reason) => session.abandon(reason),
});
