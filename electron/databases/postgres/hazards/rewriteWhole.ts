import type { Node, RangeVar } from 'libpg-query';
import type { HazardRule } from '../../../engine/hazards.ts';
import { isFull } from './locks.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable } from './tables.ts';
import { all, alterationOf, as } from './tree.ts';

/** VACUUM FULL, CLUSTER, SET LOGGED, another tablespace or access method: the whole table is copied. */
export const rewriteWhole: HazardRule<Parsed> = {
  code: 'rewriteWhole',
  category: 'rewritesTable',
  look({ node }, context) {
    const found = wholeOf(node);
    if (found === null) return null;
    if (found.relation === null)
      return {
        severity: 'danger',
        message: `${found.verb} copies one table of the database after the other, each under ACCESS EXCLUSIVE: nobody reads or writes it meanwhile.`,
        remedy: 'Name the one table that needs it.',
      };
    return workFinding(
      {
        does: `${found.verb} copies all rows and indexes of`,
        table: knownTable(found.relation, context),
        lock: 'ACCESS EXCLUSIVE',
        because: 'Until then it needs that much more space on disk.',
        remedy: found.remedy,
      },
      context,
    );
  },
};

interface Whole {
  readonly verb: string;
  /** Null: all tables. */
  readonly relation: RangeVar | null;
  readonly remedy: string;
}

const beside = 'pg_repack or pg_squeeze do it beside readers and writers.';
const alterations: Readonly<Record<string, string>> = {
  AT_SetLogged: 'SET LOGGED',
  AT_SetUnLogged: 'SET UNLOGGED',
  AT_SetTableSpace: 'SET TABLESPACE',
  AT_SetAccessMethod: 'SET ACCESS METHOD',
};

function wholeOf(node: Node | null): Whole | null {
  const vacuum = as(node, 'VacuumStmt');
  if (vacuum !== undefined) {
    if (vacuum.is_vacuumcmd !== true || !isFull(vacuum.options)) return null;
    return { verb: 'VACUUM FULL', relation: all(vacuum.rels, 'VacuumRelation')[0]?.relation ?? null, remedy: beside };
  }
  const cluster = as(node, 'ClusterStmt');
  if (cluster !== undefined) return { verb: 'CLUSTER', relation: cluster.relation ?? null, remedy: beside };
  const alteration = alterationOf(node);
  const verb = alteration?.commands.map(({ subtype }) => alterations[subtype ?? '']).find((one) => one !== undefined);
  if (alteration === null || verb === undefined) return null;
  return { verb, relation: alteration.relation, remedy: 'Do it in a window in which the application may wait.' };
}
