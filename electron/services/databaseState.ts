/** Schema and rows of a database of our own making, to be compared with later ones. */
import { createHash } from 'node:crypto';
import type { RowChange, RowDifference } from '../../shared/model/rehearsal.ts';
import type { SchemaObject } from '../../shared/model/snapshot.ts';
import { countAll } from '../backups/countRows.ts';
import type { Driver } from '../databases/driver.ts';
import type { Row, Session, TableName } from '../engine/ports.ts';

/** Rows of a table that are read to compare them; of larger ones the number is compared. */
const digestedRows = 10_000;
/** The same of all tables together. */
const digestedInAll = 200_000;
/** Rows up to which a database is counted after each step, and not only at the end. */
const countedEachStep = 1_000_000;

export interface TableState {
  readonly rows: number;
  /** Of all its rows, in whatever order; null: only counted. */
  readonly digest: string | null;
}

export interface DatabaseState {
  readonly objects: readonly SchemaObject[];
  /** By name as SQL writes it; null: not counted. */
  readonly tables: ReadonlyMap<string, TableState> | null;
}

/** `before`: an earlier state, by which it is known whether counting is cheap. @throws {ServerFault} */
export async function readState(
  driver: Driver,
  session: Session,
  except: readonly TableName[],
  before: DatabaseState | null,
): Promise<DatabaseState> {
  const objects = await driver.readSnapshot(session, except);
  const many = before !== null && totalRows(before) > countedEachStep;
  return { objects, tables: many ? null : await readTables(session, objects) };
}

export async function readTables(
  session: Session,
  objects: readonly SchemaObject[],
): Promise<ReadonlyMap<string, TableState>> {
  const names = objects.filter(({ kind }) => kind === 'table').map(({ name }) => name);
  const counted = await countAll(
    session,
    names.map((name) => ({ table: name, sql: name, estimate: 0 })),
  );
  const states = new Map<string, TableState>();
  let left = digestedInAll;
  for (const [name, rows] of counted) {
    const reads = rows <= digestedRows && rows <= left;
    if (reads) left -= rows;
    states.set(name, { rows, digest: reads ? await digestOf(session, name) : null });
  }
  return states;
}

const totalRows = ({ tables }: DatabaseState): number =>
  tables === null ? Number.POSITIVE_INFINITY : [...tables.values()].reduce((sum, { rows }) => sum + rows, 0);

/** A sum does not depend on the order of what it adds, and tells how often each is there. */
async function digestOf(session: Session, table: string): Promise<string> {
  let sum = 0n;
  for (const row of await session.query(`SELECT * FROM ${table}`)) sum += numberOf(row);
  return BigInt.asUintN(128, sum).toString(16);
}

/** Columns that come back after a rollback may stand elsewhere. */
function numberOf(row: Row): bigint {
  const cells = Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return BigInt(`0x${createHash('sha256').update(JSON.stringify(cells)).digest('hex').slice(0, 32)}`);
}

/** Tables that have more or fewer rows, or are new or gone. */
export function rowChanges(before: DatabaseState, after: DatabaseState): RowChange[] {
  return compared(before, after).flatMap(({ table, was, is }) =>
    was?.rows === is?.rows ? [] : [{ table, before: was?.rows ?? null, after: is?.rows ?? null }],
  );
}

/** Tables whose rows are not the same. */
export function rowDifferences(before: DatabaseState, after: DatabaseState): RowDifference[] {
  return compared(before, after).flatMap(({ table, was, is }): RowDifference[] => {
    const counts = { table, before: was?.rows ?? null, after: is?.rows ?? null };
    if (counts.before !== counts.after) return [{ ...counts, changed: false }];
    const both = was?.digest != null && is?.digest != null;
    return both && was.digest !== is.digest ? [{ ...counts, changed: true }] : [];
  });
}

export const countedOnly = ({ tables }: DatabaseState): string[] =>
  [...(tables ?? [])].flatMap(([table, { digest }]) => (digest === null ? [table] : []));

function compared(before: DatabaseState, after: DatabaseState) {
  if (before.tables === null || after.tables === null) return [];
  const names = new Set([...before.tables.keys(), ...after.tables.keys()]);
  return [...names].map((table) => ({ table, was: before.tables?.get(table), is: after.tables?.get(table) }));
}
