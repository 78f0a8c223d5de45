/** Values of SQLite as rows and result sets. */
import type Database from 'better-sqlite3';
import type { ResultSet } from '../../../shared/model/run.ts';
import type { Row, UnitResult } from '../../engine/ports.ts';
import { BoundedResult } from '../common/boundedResult.ts';
import { withoutLeadingComments } from './comments.ts';
import type { UnitText } from './protocol.ts';

/** Bytes of a BLOB that are shown; a BoundedResult shortens the rest. */
const shownBytes = 1000;

const changesRows = /^(?:INSERT|UPDATE|DELETE|REPLACE|WITH)\b/i;

export function resultOf(statement: Database.Statement, unit: UnitText): UnitResult {
  if (!statement.reader) {
    const { changes } = statement.run();
    const counts = !unit.control && changesRows.test(withoutLeadingComments(unit.sql));
    return { affectedRows: counts ? changes : null, resultSet: null };
  }
  const resultSet = resultSetOf(statement);
  const affectedRows = statement.readonly || unit.control ? null : resultSet.rowCount;
  return { affectedRows, resultSet: unit.control ? null : resultSet };
}

function resultSetOf(statement: Database.Statement): ResultSet {
  const bounded = new BoundedResult(statement.columns().map((column) => column.name));
  for (const row of statement.raw().iterate()) bounded.add(bounded.full || !Array.isArray(row) ? [] : row.map(textOf));
  return bounded.result;
}

function textOf(value: unknown): string | null {
  if (value === null) return null;
  return value instanceof Uint8Array ? hexOf(value.subarray(0, shownBytes)) : String(value);
}

const hexOf = (bytes: Uint8Array): string => `x'${Buffer.from(bytes).toString('hex')}'`;

export const rowOf = (row: unknown): Row =>
  Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, plain(value)]));

function plain(value: unknown): string | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint')
    return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return value instanceof Uint8Array ? hexOf(value) : String(value);
}
