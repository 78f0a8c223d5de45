import type { HazardRule } from '../../../engine/hazards.ts';
import { usedChange } from './changes.ts';
import type { Parsed } from './reading.ts';

/** MySQL counts instant changes of a table, and three of its versions did them wrongly. */
export const instantVersions: HazardRule<Parsed> = {
  code: 'instantVersions',
  category: 'dataLoss',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    const counts = used?.clauses.some(({ kind }) => kind === 'addColumn' || kind === 'dropColumn');
    if (used === null || counts !== true || used.cost.algorithm !== 'INSTANT') return null;
    const { server } = parsed;
    // docs.percona.com, “ALGORITHM=INSTANT”: backups of such tables could not be restored, and data was corrupted.
    if (server.isMysql(8, 0, 29) && !server.isMysql(8, 0, 32))
      return {
        severity: 'danger',
        message: `MySQL 8.0.29 to 8.0.31 can corrupt a table that an instant change added columns to or dropped them from (${used.table.name}), and physical backups of it fail.`,
        remedy: 'Update the server first, or demand ALGORITHM=INPLACE.',
      };
    const versions = used.table.size?.layout?.rowVersions ?? 0;
    const most = server.isMysql(9, 1) ? 255 : 64;
    if (versions < most - 4) return null;
    return {
      severity: 'warning',
      category: 'notTransactional',
      message: `${used.table.name} had ${versions} of ${most} instant changes: beyond them the server refuses another one (error 4092), or rebuilds the table.`,
      remedy: 'Rebuild it at a quiet time first.',
      rewrite: `OPTIMIZE TABLE ${used.table.name};`,
    };
  },
};
