// What a database of MySQL or MariaDB holds. The snapshot of a dump cannot be shared, so ours are taken around its
// beginning: a table that is the same in both is so in the dump.
import { availableParallelism } from 'node:os';
import type { BackupContent, DigestForm, TableContent } from '../../../shared/model/proof.ts';
import type { SchemaObject } from '../../../shared/model/snapshot.ts';
import type { Session } from '../../engine/ports.ts';
import {
  type ContentReader,
  contentOf,
  positions,
  type Recording,
  requireSameSchema,
} from '../content/contentReader.ts';
import { DIGEST_BUDGET_MS, type DigestTable, readTables, type TableRead } from '../content/readTables.ts';
import { inconsistentTables, quoteName, tablesToCount } from './catalogue.ts';

const snapshot = 'START TRANSACTION WITH CONSISTENT SNAPSHOT';

/** Values have the same text in every session. The session is ours alone. */
const settle = (session: Session) => session.query("SET time_zone = '+00:00'");

/** Generated columns are in no dump, the periods of versioned tables neither. */
async function tables(session: Session, form: DigestForm): Promise<DigestTable[]> {
  const rows =
    await session.query(`SELECT TABLE_NAME AS name, COLUMN_NAME AS column_name FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND coalesce(GENERATION_EXPRESSION, '') = '' ORDER BY TABLE_NAME, COLUMN_NAME`);
  const columns = Map.groupBy(rows, (row) => String(row['name']));
  return (await tablesToCount(session)).map((table) => ({
    ...table,
    digestSql: digestSql(form, table.sql, columns.get(table.table) ?? []),
  }));
}

/** Of values: what a checksum of 32 bits misses of a damaged one is one of four thousand millions. */
const ofValue: Readonly<Record<DigestForm, string>> = { 1: 'md5', 2: 'crc32' };

/** Digests of values first: rows of any size fit into what the server may send. */
function digestSql(form: DigestForm, table: string, columns: readonly Readonly<Record<string, unknown>>[]): string {
  const values = columns.map((row) => `coalesce(${ofValue[form]}(${quoteName(String(row['column_name']))}), '-')`);
  const row = values.length === 0 ? "''" : `concat_ws(',', ${values.join(', ')})`;
  return `SELECT count(*) AS found, cast(sum(cast(conv(substring(md5(${row}), 1, 16), 16, 10) AS decimal(20, 0))) AS char) AS digest FROM ${table}`;
}

async function sequences(session: Session): Promise<Map<string, string>> {
  // MySQL answers from statistics of yesterday otherwise (dev.mysql.com/doc/refman/8.4/en/information-schema-optimization.html).
  if (session.identity.product === 'MySQL') await session.query('SET SESSION information_schema_stats_expiry = 0');
  const counters = await session.query(
    'SELECT TABLE_NAME AS name, AUTO_INCREMENT AS position FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND AUTO_INCREMENT IS NOT NULL',
  );
  const found = new Map(counters.map((row) => [String(row['name']), String(row['position'])]));
  const named = await session.query(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'SEQUENCE'",
  );
  for (const { name } of named) {
    const [row] = await session.query(`SELECT next_not_cached_value AS position FROM ${quoteName(String(name))}`);
    found.set(String(name), String(row?.['position']));
  }
  return found;
}

/** Our snapshots around the beginning of a dump. Closed without `finish` when that fails. */
export class SurroundedDump implements AsyncDisposable {
  readonly #before: Session;
  readonly #after: Session;
  readonly #recording: Recording;
  readonly #schema: readonly SchemaObject[];
  readonly #positions: ReadonlyMap<string, string>;
  #begun: Promise<unknown> | null = null;
  readonly #earlier: Promise<TableRead[]>;
  /** The server's position in its log before the first snapshot, and after the second; null: not known. */
  readonly #from: string | null;
  #to: string | null = null;

  private constructor(
    before: Session,
    after: Session,
    recording: Recording,
    schema: readonly SchemaObject[],
    found: ReadonlyMap<string, string>,
    from: string | null,
    signal: AbortSignal,
  ) {
    this.#before = before;
    this.#after = after;
    this.#recording = recording;
    this.#schema = schema;
    this.#positions = found;
    this.#from = from;
    this.#earlier = read(before, DIGEST_BUDGET_MS, signal);
    // Awaited by `finish`.
    this.#earlier.catch(() => undefined);
  }

  /** The last thing before the dump program is started. The first snapshot is read beside the dump. */
  static async open(recording: Recording, signal: AbortSignal): Promise<SurroundedDump> {
    const [before, after] = [await recording.open(), await recording.open()];
    await Promise.all([settle(before), settle(after)]);
    const schema = await recording.readSchema(before);
    const found = await sequences(before);
    const from = await logPosition(after);
    await before.query(snapshot);
    return new SurroundedDump(before, after, recording, schema, found, from, signal);
  }

  /** The dump's own snapshot is there: it has written a table. May be called more than once. */
  dumpBegan(): void {
    this.#begun ??= this.#follow();
    // Awaited by `finish`.
    this.#begun.catch(() => undefined);
  }

  async #follow(): Promise<void> {
    await this.#after.query(snapshot);
    this.#to = await logPosition(this.#after);
  }

  async finish(signal: AbortSignal): Promise<BackupContent> {
    this.dumpBegan();
    await this.#begun;
    requireSameSchema(this.#schema, await this.#recording.readSchema(this.#after));
    const earlier = await this.#earlier;
    // Where the server has logged nothing between the snapshots, they are the same.
    const same = this.#from !== null && this.#from === this.#to && (await inconsistentTables(this.#after)).length === 0;
    const later = same ? earlier : await read(this.#after, DIGEST_BUDGET_MS / 2, signal);
    return contentOf({
      schema: this.#schema,
      tables: merged(earlier, later),
      digestForm: FORM,
      sequences: positions(this.#positions, await sequences(this.#after)),
      database: await databaseFacts(this.#after),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What still reads, since the dump has failed.
    await Promise.allSettled([this.#before.cancel()]);
    await this.#earlier.catch(() => undefined);
    await this.#begun?.catch(() => undefined);
    await Promise.allSettled([this.#before.close(), this.#after.close()]);
  }
}

const FORM = 2;

const read = async (session: Session, budgetMs: number, signal: AbortSignal): Promise<TableRead[]> =>
  readTables([session], await tables(session, FORM), { budgetMs }, signal);

/** Of InnoDB's log, which every commit that changes something moves on; null: this server does not tell it. */
async function logPosition(session: Session): Promise<string | null> {
  const [row] = await session.query(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_lsn_current', 'Innodb_redo_log_current_lsn')",
  );
  return row === undefined ? null : String(row['Value']);
}

function merged(earlier: readonly TableRead[], later: readonly TableRead[]): TableContent[] {
  const after = new Map(later.map((read) => [read.table, read]));
  return earlier.map(({ table, rows, digest }) => {
    const now = after.get(table);
    const known = digest !== null && now?.digest != null ? digest : null;
    const moving = now?.rows !== rows || (known !== null && now.digest !== known);
    return {
      table,
      rows: now?.rows ?? rows,
      digest: moving ? null : known,
      ...(moving ? { moving: true as const } : {}),
    };
  });
}

async function databaseFacts(session: Session): Promise<BackupContent['database']> {
  const [row = {}] = await session.query(
    'SELECT DEFAULT_CHARACTER_SET_NAME AS characters, DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()',
  );
  return { characters: String(row['characters']), collation: String(row['collation']) };
}

/** Sessions that digest a copy: these servers read a table with one thread. */
const SESSIONS = Math.min(4, availableParallelism());

export const mysqlContent: ContentReader = {
  async read({ session, open }, wanted, signal) {
    const others: Session[] = [];
    const stop = () => {
      for (const other of others) void other.cancel().catch(() => undefined);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      const found = await tables(session, wanted.form);
      while (others.length + 1 < Math.min(SESSIONS, found.length)) others.push(await open());
      await Promise.all([session, ...others].map(settle));
      return {
        tables: await readTables([session, ...others], found, wanted.tables, signal),
        sequences: await sequences(session),
      };
    } finally {
      signal.removeEventListener('abort', stop);
      await Promise.allSettled(others.map((other) => other.close()));
    }
  },
};
