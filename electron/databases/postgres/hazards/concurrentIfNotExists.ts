import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { namesOf, quoted } from './tables.ts';
import { as } from './tree.ts';

/** An invalid index of that name, left by a failed build, counts as there: nothing is built, and nothing told. */
export const concurrentIfNotExists: HazardRule<Parsed> = {
  code: 'concurrentIfNotExists',
  category: 'notTransactional',
  look({ node }, { facts }) {
    const index = as(node, 'IndexStmt');
    if (index?.concurrent !== true || index.if_not_exists !== true || index.relation === undefined) return null;
    const indexes = namesOf(index.relation, facts.searchPath).flatMap(
      (one) => facts.tables.get(one)?.details?.indexes ?? [],
    );
    const isInvalid = indexes.some(({ name, valid }) => name === index.idxname && !valid);
    const name = quoted(index.idxname ?? 'index_name');
    return {
      severity: isInvalid ? 'danger' : 'warning',
      message: isInvalid
        ? `There is an invalid index ${name} from a failed build: IF NOT EXISTS passes it by, and no query will ever use it.`
        : `If an earlier build failed it left an invalid index ${name}, which IF NOT EXISTS passes by: no query would ever use it.`,
      remedy: 'Leave IF NOT EXISTS out, and drop what a failed build left.',
      rewrite: `DROP INDEX CONCURRENTLY IF EXISTS ${name};\nCREATE INDEX CONCURRENTLY ${name} ON …;`,
    };
  },
};
