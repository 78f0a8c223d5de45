import type { HazardRule } from '../../../engine/hazards.ts';
import { changesAllRows } from '../../common/hazards/rowChanges.ts';
import { tablesOf } from '../classify.ts';
import type { Parsed } from './reading.ts';
import { unquoted } from './scriptState.ts';

/** Rows or columns go that only a backup brings back. */
export const dataLoss: HazardRule<Parsed> = {
  code: 'dataLoss',
  category: 'dataLoss',
  look({ plain, definition, script }, { traits, statement, isNew }) {
    const lost = (what: string) => ({
      severity: 'danger' as const,
      message: `${what}: only a backup brings the data back.`,
    });
    if (definition?.kind === 'dropTable') {
      const name = definition.table.toLowerCase();
      return isNew(name) || script.copied.has(name) ? null : lost(`Drops ${definition.table}`);
    }
    if (definition?.kind === 'dropColumn')
      return isNew(definition.table) ? null : lost(`Drops ${definition.column} of ${definition.table}`);
    if (!/^(?:UPDATE|DELETE)$/.test(traits.verb) || !changesAllRows(plain)) return null;
    const [table = ''] = tablesOf(statement.text).map(unquoted);
    if (isNew(table)) return null;
    return lost(`${traits.verb === 'UPDATE' ? 'Changes' : 'Deletes'} every row of ${table}`);
  },
};
