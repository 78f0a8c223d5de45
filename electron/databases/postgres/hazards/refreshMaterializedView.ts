import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable } from './tables.ts';
import { as } from './tree.ts';

export const refreshMaterializedView: HazardRule<Parsed> = {
  code: 'refreshMaterializedView',
  category: 'rewritesTable',
  look({ node }, context) {
    const refresh = as(node, 'RefreshMatViewStmt');
    if (refresh?.relation === undefined) return null;
    const view = knownTable(refresh.relation, context);
    if (refresh.concurrent === true) return null;
    return workFinding(
      {
        does: 'Runs its query again and replaces all rows of',
        table: view,
        lock: 'ACCESS EXCLUSIVE',
        remedy: 'Refresh it concurrently: that needs a unique index on it without a condition.',
        rewrite: `REFRESH MATERIALIZED VIEW CONCURRENTLY ${view.sql};`,
      },
      context,
    );
  },
};
