/** What PostgreSQL itself tells of a statement: its locks, new files of tables, and debug messages of what it goes through. */
import type { SeenLock } from '../../../shared/model/rehearsal.ts';
import type { Row, Session } from '../../engine/ports.ts';
import type { HeardNotice, SeenEffects, StatementObserver } from '../observer.ts';

interface Relation {
  readonly name: string;
  readonly isTable: boolean;
  /** Number of the file that its rows are in; null: it has none. */
  readonly file: string | null;
}

interface Seen {
  readonly relations: ReadonlyMap<string, Relation>;
  /** Modes by relation. */
  readonly locks: ReadonlyMap<string, ReadonlySet<string>>;
  readonly inTransaction: boolean;
}

const catalogue = `
SELECT c.oid::text AS oid, pg_catalog.format('%s.%s', n.nspname, c.relname) AS name, c.relkind IN ('r', 'p', 'm') AS is_table,
       pg_catalog.pg_relation_filenode(c.oid)::text AS file,
       (SELECT pg_catalog.string_agg(DISTINCT l.mode, ',') FROM pg_catalog.pg_locks l
         WHERE l.locktype = 'relation' AND l.relation = c.oid AND l.pid = pg_catalog.pg_backend_pid() AND l.granted
           AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) AS modes
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'm', 'v', 'S', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'`;

/** Locks on what this session has dropped: the catalogue does not name it any more. */
const orphaned = `
SELECT l.relation::text AS oid, pg_catalog.string_agg(DISTINCT l.mode, ',') AS modes FROM pg_catalog.pg_locks l
 WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND l.granted AND l.relation >= 16384
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = l.relation)
 GROUP BY l.relation`;

const setMessages = 'SELECT pg_catalog.set_config($1, $2, $3) AS set';
const setting = 'client_min_messages';

export function observe(session: Session): StatementObserver {
  /** Made since this began: nobody else uses it. */
  const made = new Set<string>();
  let former = 'notice';
  let before: Seen | null = null;

  async function look(inTransaction: boolean): Promise<Seen> {
    const rows = await session.query(catalogue);
    const gone = await session.query(orphaned);
    return {
      relations: new Map(rows.map((row) => [String(row['oid']), relationOf(row)])),
      locks: new Map([...rows, ...gone].map((row) => [String(row['oid']), modesOf(row)])),
      inTransaction,
    };
  }

  /** What is set for a transaction only is gone with the statement that set it where there is none. */
  async function tellEverything(): Promise<boolean> {
    const [told] = await session.query(`SELECT pg_catalog.current_setting('${setting}') AS former`);
    former = String(told?.['former']);
    await session.query(setMessages, [setting, 'debug1', 'true']);
    const [now] = await session.query(`SELECT pg_catalog.current_setting('${setting}') = 'debug1' AS kept`);
    if (now?.['kept'] !== true) await session.query(setMessages, [setting, 'debug1', 'false']);
    return now?.['kept'] === true;
  }

  return {
    async before() {
      const inTransaction = await tellEverything();
      before = await look(inTransaction);
    },
    async after(_statement, notices) {
      const from = before;
      before = null;
      if (from === null) throw new Error('Nothing was looked at before');
      await session.query(setMessages, [setting, former, String(from.inTransaction)]);
      const now = await look(from.inTransaction);
      const effects = effectsOf(from, now, made, notices);
      for (const oid of now.relations.keys()) if (!from.relations.has(oid)) made.add(oid);
      return effects;
    },
    failed() {
      before = null;
    },
    isOwn: ({ severity }) => severity.startsWith('DEBUG'),
  };
}

const relationOf = (row: Row): Relation => ({
  name: String(row['name']),
  isTable: row['is_table'] === true,
  file: row['file'] === null ? null : String(row['file']),
});

const modesOf = (row: Row): ReadonlySet<string> =>
  new Set(row['modes'] === null ? [] : String(row['modes']).split(','));

function effectsOf(before: Seen, now: Seen, made: ReadonlySet<string>, notices: readonly HeardNotice[]): SeenEffects {
  const former = [...before.relations].filter(([oid]) => !made.has(oid));
  const rewritten = former.filter(([oid, { file, isTable }]) => {
    const after = now.relations.get(oid);
    return isTable && after !== undefined && after.file !== file;
  });
  return {
    // Those of a statement that is a transaction by itself are freed with it.
    locks: now.inTransaction ? former.flatMap(([oid, { name }]) => newLocks(oid, name, before, now)) : null,
    lockedRows: null,
    rewritten: rewritten.map(([, { name }]) => name),
    scanned: scannedIn(notices, now),
    algorithm: null,
  };
}

function newLocks(oid: string, table: string, before: Seen, now: Seen): SeenLock[] {
  const held = before.locks.get(oid);
  return [...(now.locks.get(oid) ?? [])]
    .filter((mode) => held?.has(mode) !== true)
    .map((mode) => ({ table, mode, keepsOut: keepsOut[mode] ?? 'changes' }));
}

/** https://www.postgresql.org/docs/current/explicit-locking.html */
const keepsOut: Readonly<Record<string, SeenLock['keepsOut']>> = {
  AccessExclusiveLock: 'everybody',
  ExclusiveLock: 'writers',
  ShareRowExclusiveLock: 'writers',
  ShareLock: 'writers',
};

/** The server never translates its debug messages. */
const goingThrough = [
  /^verifying table "(?<table>.*)"$/,
  /^building index ".*" on table "(?<table>.*)" (?:serially|with request)/,
  /^validating foreign key constraint "(?<constraint>.*)"$/,
];

function scannedIn(notices: readonly HeardNotice[], { relations }: Seen): string[] {
  const names = new Map([...relations.values()].map(({ name }) => [name.slice(name.indexOf('.') + 1), name]));
  const found = notices.flatMap(({ message }) => {
    const groups = goingThrough.map((form) => form.exec(message)?.groups).find((one) => one !== undefined);
    if (groups === undefined) return [];
    const { table, constraint } = groups;
    return [table === undefined ? `for the foreign key ${constraint ?? ''}` : (names.get(table) ?? table)];
  });
  return [...new Set(found)].filter((name) => !name.startsWith('pg_toast'));
}
