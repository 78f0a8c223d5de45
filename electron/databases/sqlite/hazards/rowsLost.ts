import type { HazardRule } from '../../../engine/hazards.ts';
import { tablesOf } from '../classify.ts';
import type { Parsed } from './reading.ts';
import { unquoted } from './scriptState.ts';

/** Dropping or replacing a row’s table takes the rows with it that refer to it (sqlite.org/foreignkeys.html, section 5). */
export const rowsLost: HazardRule<Parsed> = {
  code: 'rowsLost',
  category: 'dataLoss',
  look({ plain, definition, script }, { statement, sizeOf, traits }) {
    if (!script.foreignKeys) return null;
    const isDrop = definition?.kind === 'dropTable';
    const replaces = traits.verb === 'REPLACE' || /^INSERT OR REPLACE\b/.test(plain);
    const table = isDrop ? definition.table : replaces ? unquoted(tablesOf(statement.text)[0] ?? '') : '';
    const referring = (sizeOf(table)?.referredBy ?? []).filter(
      ({ onDelete }) => onDelete !== 'NO ACTION' && onDelete !== 'RESTRICT',
    );
    if (table === '' || referring.length === 0) return null;
    const lost = referring.map(({ table: child, onDelete }) => `${child} (ON DELETE ${onDelete})`).join(', ');
    return {
      severity: 'danger',
      message: `${isDrop ? `DROP TABLE deletes the rows of ${table} first` : `REPLACE deletes a row of ${table} before it writes the new one`}, and PRAGMA foreign_keys is ON: rows of ${lost} are deleted or changed with them, in silence. PRAGMA defer_foreign_keys does not prevent it.`,
      remedy: isDrop
        ? 'Switch foreign keys off before the transaction begins, and look with PRAGMA foreign_key_check before it ends.'
        : 'INSERT … ON CONFLICT DO UPDATE changes the row in its place.',
      ...(isDrop ? { rewrite: 'PRAGMA foreign_keys = OFF;' } : {}),
    };
  },
};
