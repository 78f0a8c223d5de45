/** Results on their way: an object for each unit would cost more than inserting its row. */
import type { ResultSet } from '../../../shared/model/run.ts';
import type { UnitResult } from '../../engine/ports.ts';

export interface PackedResults {
  /** Of each unit in order; -1: there is no such number. */
  readonly affectedRows: readonly number[];
  /** By their places in that list. */
  readonly resultSets: readonly (readonly [number, ResultSet])[];
}

export class ResultPacker {
  #affectedRows: number[] = [];
  #resultSets: (readonly [number, ResultSet])[] = [];

  add({ affectedRows, resultSet }: UnitResult): void {
    if (resultSet !== null) this.#resultSets.push([this.#affectedRows.length, resultSet]);
    this.#affectedRows.push(affectedRows ?? -1);
  }

  get isEmpty(): boolean {
    return this.#affectedRows.length === 0;
  }

  /** What was added since the last time. */
  take(): PackedResults {
    const packed = { affectedRows: this.#affectedRows, resultSets: this.#resultSets };
    this.#affectedRows = [];
    this.#resultSets = [];
    return packed;
  }
}

export function unpack({ affectedRows, resultSets }: PackedResults, each: (result: UnitResult) => void): void {
  const sets = new Map(resultSets);
  for (const [at, rows] of affectedRows.entries())
    each({ affectedRows: rows < 0 ? null : rows, resultSet: sets.get(at) ?? null });
}
