/** What the stand-ins of database drivers send through: one session, however many connections a library thinks it has. */
import type { EngineId } from '../../../../../shared/model/environment.ts';
import type { Cell } from '../../protocol.ts';
import type { Handle } from '../handle.ts';
import { inlined, type Values } from './inline.ts';

export interface Answer {
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly affectedRows: number | null;
  readonly columnTypes: Readonly<Record<string, number>>;
}

const nothing: Answer = { rows: [], affectedRows: null, columnTypes: {} };

export interface Link {
  readonly engine: EngineId;
  /** `connection`: the one that asks, told apart from others by identity. */
  query(connection: object, sql: string, values?: Values | null): Promise<Answer>;
  /** Why what was done cannot stand; null when nothing speaks against it. */
  complaint(): string | null;
}

/** `inTransaction`: the session is in one that its lender ends, so that the outermost of a library is no statement. */
export function createLink(engine: EngineId, { given }: Handle, inTransaction: boolean): Link {
  let open: object | null = null;
  let rolledBack = false;

  function begin(connection: object): void {
    if (open !== null)
      throw new Error(
        'It begins a transaction while another is open: a migration has one session, and so one transaction at a time.',
      );
    open = connection;
  }

  return {
    engine,
    async query(connection, sql, values) {
      const text = inlined(engine, sql, values);
      const control = controlOf(text);
      if (control === 'begin') begin(connection);
      else if (control !== null) open = null;
      if (control === null || !inTransaction) {
        const rows = await given.query(text);
        return { rows, affectedRows: rows.affectedRows, columnTypes: rows.columnTypes };
      }
      rolledBack ||= control === 'rollback';
      return nothing;
    },
    complaint() {
      if (inTransaction && rolledBack) return 'It rolled back the transaction that it is a part of.';
      return open !== null && !inTransaction ? 'It left a transaction open.' : null;
    },
  };
}

/** Of a whole transaction; savepoints are none. */
function controlOf(sql: string): 'begin' | 'commit' | 'rollback' | null {
  const [, verb] =
    /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(begin|start\s+transaction|commit|end|rollback|abort)\b(?!\s+(?:to|work\s+to|transaction\s+to|prepared)\b)[\s\w,]*;?\s*$/i.exec(
      sql,
    ) ?? [];
  if (verb === undefined) return null;
  const word = verb.toLowerCase();
  if (word === 'begin' || word.startsWith('start')) return 'begin';
  return word === 'rollback' || word === 'abort' ? 'rollback' : 'commit';
}

/** The first word of a query's text, upper case. */
export const firstWord = (sql: string): string =>
  /^(?:[\s(]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([a-z]+)/i.exec(sql)?.[1]?.toUpperCase() ?? '';

/** Is it answered with rows, as drivers tell before they send it? */
export const givesRows = (sql: string): boolean =>
  /^(SELECT|SHOW|WITH|DESC|DESCRIBE|EXPLAIN|PRAGMA|VALUES|TABLE|CHECK|CALL|ANALYZE|OPTIMIZE)$/.test(firstWord(sql)) ||
  /\breturning\b/i.test(sql);
