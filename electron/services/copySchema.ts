/** Makes one database like another of the same engine: its schema by its catalogue, and the rows of chosen tables. */
import { describeObject } from '../../shared/model/describeSchema.ts';
import type { SchemaChange, SchemaObject, SnapshotComparison } from '../../shared/model/snapshot.ts';
import { notOnCopies } from '../backups/content/compareContent.ts';
import type { Driver } from '../databases/driver.ts';
import { compareSnapshots } from '../engine/compareSnapshots.ts';
import { type Row, ServerFault, type Session, type TableName } from '../engine/ports.ts';
import { writeSchemaScript } from '../engine/schemaScript.ts';

export interface CopyWanted {
  readonly driver: Driver;
  readonly from: Session;
  readonly to: Session;
  /** Tables whose rows come with it, and how many at most. */
  readonly rowsOf: readonly { readonly table: TableName; readonly most: number }[];
  readonly signal: AbortSignal;
}

/** Rows sent by one statement. */
const together = 200;
/** Differences that are named; the rest is counted. */
const named = 5;

/** Rights and owners are of no account for one who tries alone. */
const whatMatters: SnapshotComparison = {
  columnOrder: false,
  comments: true,
  owners: true,
  grants: true,
  generatedNames: false,
};

/** @returns in what the copy is not like the original, in sentences. @throws {ServerFault} */
export async function copySchema(wanted: CopyWanted): Promise<string[]> {
  const { driver, from, to } = wanted;
  const objects = await objectsOf(driver, from);
  const { changes } = compareSnapshots(await objectsOf(driver, to), objects, whatMatters);
  const missing = changes.filter(({ change }) => change !== 'removed');
  // What fires when rows come, or must find them all, comes after them.
  const [later, sooner] = partition(missing, needsRows);
  const left = [...(await make(sooner, wanted)), ...(await copyAllRows(wanted)), ...(await make(later, wanted))];
  await driver.scratch.copyNumbers?.(from, to);
  return [...left, ...(await differences(objects, wanted))];
}

const objectsOf = async (driver: Driver, session: Session): Promise<SchemaObject[]> =>
  (await driver.readSnapshot(session, [])).filter(({ kind }) => !notOnCopies.has(kind));

const needsRows = (one: SchemaChange): boolean => {
  const { kind, facts } = one.change === 'removed' ? one.before : one.after;
  return kind === 'trigger' || (kind === 'constraint' && facts['definition']?.startsWith('FOREIGN KEY') === true);
};

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

/** What needs something that is not there yet is tried again after the others. */
async function make(changes: readonly SchemaChange[], { driver, to, signal }: CopyWanted): Promise<string[]> {
  const { statements, unwritten } = writeSchemaScript(changes, driver.schemaWriter);
  const refused = statements.filter((sql) => driver.scratch.leaves(sql) !== null);
  let waiting = statements.filter((sql) => driver.scratch.leaves(sql) === null);
  let faults: string[] = [];
  for (let before = -1; waiting.length > 0 && waiting.length !== before; ) {
    before = waiting.length;
    faults = [];
    const failed: string[] = [];
    for (const sql of waiting) {
      signal.throwIfAborted();
      const fault = await tried(to, driver.scratch.inert?.(sql) ?? sql);
      if (fault === null) continue;
      failed.push(sql);
      faults.push(fault);
    }
    waiting = failed;
  }
  return [
    ...refused.map((sql) => `Not made, as it reaches beyond the copy: ${beginning(sql)}`),
    ...unwritten.map((what) => `Not made: ${what}`),
    ...faults.slice(0, named).map((fault) => `Not made: ${fault}`),
  ];
}

const beginning = (sql: string): string => sql.slice(0, 100).replaceAll(/\s+/g, ' ');

async function tried(session: Session, sql: string): Promise<string | null> {
  try {
    await session.query(sql);
    return null;
  } catch (thrown) {
    if (!(thrown instanceof ServerFault) || thrown.kind === 'connectionLost') throw thrown;
    return `${beginning(sql)} (${thrown.message})`;
  }
}

/** Rows that refer to others come after them: tables are tried again until nothing more goes in. */
async function copyAllRows(wanted: CopyWanted): Promise<string[]> {
  let waiting = [...wanted.rowsOf];
  const told: string[] = [];
  for (let before = -1; waiting.length > 0 && waiting.length !== before; ) {
    before = waiting.length;
    const failed: typeof waiting = [];
    for (const one of waiting) {
      const fault = await copyRows(one, wanted, told);
      if (fault !== null) failed.push(one);
    }
    waiting = failed;
  }
  return [...told, ...waiting.map(({ table }) => `The rows of ${table.name} could not be copied.`)];
}

async function copyRows(
  { table, most }: CopyWanted['rowsOf'][number],
  { driver, from, to, signal }: CopyWanted,
  told: string[],
): Promise<string | null> {
  if ((await from.columns(table)) === null) return null;
  const name = driver.dialect.quoteTable(table);
  const rows = await from.query(`SELECT * FROM ${name} LIMIT ${most + 1}`);
  const copied = rows.slice(0, most);
  for (let first = 0; first < copied.length; first += together) {
    signal.throwIfAborted();
    const fault = await tried(to, insertion(name, copied.slice(first, first + together), driver));
    if (fault === null) continue;
    if (first > 0) told.push(`Only ${first} rows of ${table.name} could be copied.`);
    return first > 0 ? null : fault;
  }
  if (rows.length > most) told.push(`Of ${table.name} only the first ${most} rows are in the copy.`);
  return null;
}

function insertion(table: string, rows: readonly Row[], { dialect, scratch }: Driver): string {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map(
    (row) => `(${columns.map((column) => dialect.quoteLiteral(row[column] ?? null)).join(', ')})`,
  );
  const names = columns.map((column) => dialect.quoteIdentifier(column)).join(', ');
  return `INSERT INTO ${table} (${names}) ${scratch.ownNumbers ?? ''} VALUES ${values.join(', ')}`;
}

async function differences(objects: readonly SchemaObject[], { driver, to }: CopyWanted): Promise<string[]> {
  const { changes } = compareSnapshots(objects, await objectsOf(driver, to), whatMatters);
  const lines = changes.map((one) => describeObject(one.change === 'added' ? one.after : one.before));
  const told = lines.slice(0, named).map((line) => `Not like the original: ${line.slice(0, 200)}`);
  return lines.length > named ? [...told, `${lines.length - named} more objects are not as in the original.`] : told;
}
