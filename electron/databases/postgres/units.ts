import type { Unit } from '../../engine/ports.ts';
import { control } from './control.ts';
import { dialect } from './dialect.ts';

/**
 * A transaction remembers its own start. Starting the timer in it would be a query, after which the server refuses a
 * script's `SET TRANSACTION ISOLATION LEVEL`: that unit is left empty.
 */
export function withoutTimerInTransaction(units: readonly Unit[], inTransaction: boolean): readonly Unit[] {
  let open = inTransaction;
  return units.map((unit) => {
    if (unit.kind !== 'control') return unit;
    if (control.begin.includes(unit.sql)) open = true;
    else if (unit.sql === control.commit || unit.sql === control.rollback) open = false;
    return open && unit.sql === dialect.startTimer ? { kind: 'control', sql: '' } : unit;
  });
}
