/** Puts what another tool's history tells of a migration into the entry that was just written for it. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { CarriedFacts, Dialect, HistoryRepairs, RepairWrite } from '../../engine/ports.ts';

export interface CarryingColumns {
  readonly engine: EngineId;
  readonly dialect: Dialect;
  /** Quoted. */
  readonly table: string;
  /** Condition for the entry. */
  readonly isEntry: (write: RepairWrite) => string;
  /** Columns as SQL writes them, for the facts that the table has a place for. */
  readonly appliedAt?: string;
  readonly appliedBy?: string;
  readonly durationMs?: string;
  /** Absent: `timeLiteral`. */
  readonly timeAs?: (iso: string) => string;
  /** Of a duration in milliseconds; absent: the same number. */
  readonly durationAs?: (ms: number) => string;
}

/** A fact that is not known leaves what the tool's own entry has in its place. */
export function carrying(columns: CarryingColumns): Pick<HistoryRepairs, 'carry' | 'carries'> {
  const { engine, dialect, table, isEntry, appliedAt, appliedBy, durationMs } = columns;
  const timeAs = columns.timeAs ?? ((iso: string) => timeLiteral(engine, dialect, iso));
  const durationAs = columns.durationAs ?? ((ms: number) => String(Math.round(ms)));
  const assignments = (facts: CarriedFacts): string[] => [
    ...(appliedAt === undefined || facts.appliedAt === null ? [] : [`${appliedAt} = ${timeAs(facts.appliedAt)}`]),
    ...(appliedBy === undefined || facts.appliedBy === null
      ? []
      : [`${appliedBy} = ${dialect.quoteLiteral(facts.appliedBy)}`]),
    ...(durationMs === undefined || facts.durationMs === null
      ? []
      : [`${durationMs} = ${durationAs(facts.durationMs)}`]),
  ];
  return {
    carries: [
      ...(appliedAt === undefined ? [] : ['appliedAt' as const]),
      ...(appliedBy === undefined ? [] : ['appliedBy' as const]),
      ...(durationMs === undefined ? [] : ['durationMs' as const]),
    ],
    carry(write, facts) {
      const changes = assignments(facts);
      return changes.length === 0 ? [] : [`UPDATE ${table} SET ${changes.join(', ')} WHERE ${isEntry(write)}`];
    },
  };
}

/** A time in ISO 8601 as the engine's own types take it, in the session's zone where the column knows none. */
function timeLiteral(engine: EngineId, dialect: Dialect, iso: string): string {
  const literal = dialect.quoteLiteral(iso);
  switch (engine) {
    case 'postgres':
      return `${literal}::timestamptz`;
    case 'mysql':
      return `FROM_UNIXTIME(${(Date.parse(iso) / 1000).toFixed(3)})`;
    case 'sqlite':
      return `strftime('%Y-%m-%d %H:%M:%f', ${literal})`;
  }
}
