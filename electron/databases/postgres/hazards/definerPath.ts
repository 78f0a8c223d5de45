import type { Node } from 'libpg-query';
import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { all, as } from './tree.ts';

/** Runs with its owner's rights, but looks names up where its caller says. */
export const definerPath: HazardRule<Parsed> = {
  code: 'definerPath',
  category: 'externalEffect',
  look({ node }) {
    const options = optionsOf(node);
    const isDefiner = options.some(
      ({ defname, arg }) => defname === 'security' && as(arg, 'Boolean')?.boolval === true,
    );
    const hasPath = options.some(
      ({ defname, arg }) => defname === 'set' && as(arg, 'VariableSetStmt')?.name === 'search_path',
    );
    if (!isDefiner || hasPath) return null;
    return {
      severity: 'warning',
      message:
        'SECURITY DEFINER without a search_path of its own: whoever may create objects in a schema of the caller’s path can make it run theirs, with the rights of its owner.',
      remedy: 'Fix the path at the function, with pg_temp last.',
      rewrite: '… SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp …',
    };
  },
};

const optionsOf = (node: Node | null) =>
  all(as(node, 'CreateFunctionStmt')?.options ?? as(node, 'AlterFunctionStmt')?.actions, 'DefElem');
