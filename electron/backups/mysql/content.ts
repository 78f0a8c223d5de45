// What a database of MySQL or MariaDB holds. The snapshot of a dump cannot be shared, so ours are taken around its
// beginning: a table that is the same in both is so in the dump.
import type { BackupContent, TableContent } from '../../../shared/model/proof.ts';
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
import { quoteName, tablesToCount } from './catalogue.ts';

const snapshot = 'START TRANSACTION WITH CONSISTENT SNAPSHOT';

/** Values have the same text in every session. The session is ours alone. */
const settle = (session: Session) => session.query("SET time_zone = '+00:00'");

/** Generated columns are in no dump, the periods of versioned tables neither. */
async function tables(session: Session): Promise<DigestTable[]> {
  const rows =
    await session.query(`SELECT TABLE_NAME AS name, COLUMN_NAME AS column_name FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND coalesce(GENERATION_EXPRESSION, '') = '' ORDER BY TABLE_NAME, COLUMN_NAME`);
  const columns = Map.groupBy(rows, (row) => String(row['name']));
  return (await tablesToCount(session)).map((table) => ({
    ...table,
    digestSql: digestSql(table.sql, columns.get(table.table) ?? []),
  }));
}

/** Digests of values first: rows of any size fit into what the server may send. */
function digestSql(table: string, columns: readonly Readonly<Record<string, unknown>>[]): string {
  const values = columns.map((row) => `coalesce(md5(${quoteName(String(row['column_name']))}), '-')`);
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

  private constructor(
    before: Session,
    after: Session,
    recording: Recording,
    schema: readonly SchemaObject[],
    found: ReadonlyMap<string, string>,
  ) {
    this.#before = before;
    this.#after = after;
    this.#recording = recording;
    this.#schema = schema;
    this.#positions = found;
  }

  /** The last thing before the dump program is started. */
  static async open(recording: Recording): Promise<SurroundedDump> {
    const [before, after] = [await recording.open(), await recording.open()];
    await Promise.all([settle(before), settle(after)]);
    const schema = await recording.readSchema(before);
    const found = await sequences(before);
    await before.query(snapshot);
    return new SurroundedDump(before, after, recording, schema, found);
  }

  /** The dump's own snapshot is there: it has written a table. May be called more than once. */
  dumpBegan(): void {
    this.#begun ??= this.#after.query(snapshot);
    // Awaited by `finish`.
    this.#begun.catch(() => undefined);
  }

  async finish(signal: AbortSignal): Promise<BackupContent> {
    this.dumpBegan();
    await this.#begun;
    requireSameSchema(this.#schema, await this.#recording.readSchema(this.#after));
    const [earlier, later] = [await this.#read(this.#before, signal), await this.#read(this.#after, signal)];
    return contentOf({
      schema: this.#schema,
      tables: merged(earlier, later),
      sequences: positions(this.#positions, await sequences(this.#after)),
      database: await databaseFacts(this.#after),
    });
  }

  async #read(session: Session, signal: AbortSignal): Promise<TableRead[]> {
    return readTables(session, await tables(session), { budgetMs: DIGEST_BUDGET_MS / 2 }, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#begun?.catch(() => undefined);
    await Promise.allSettled([this.#before.close(), this.#after.close()]);
  }
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

export const mysqlContent: ContentReader = {
  async read({ session }, digested, signal) {
    await settle(session);
    return {
      tables: await readTables(session, await tables(session), digested, signal),
      sequences: await sequences(session),
    };
  },
};
