import type { HazardRule } from '../../../engine/hazards.ts';
import { online, usedChange } from './changes.ts';
import type { Parsed } from './reading.ts';

/** Rows are stored in the order of the primary key, and all other indexes hold it. */
export const changesPrimaryKey: HazardRule<Parsed> = {
  code: 'changesPrimaryKey',
  category: 'rewritesTable',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    if (used === null) return null;
    const drops = used.clauses.some(({ kind }) => kind === 'dropPrimaryKey');
    const adds = used.clauses.some(({ kind }) => kind === 'addPrimaryKey');
    if (!drops && !adds) return null;
    const message = adds
      ? `Gives ${used.words} ${drops ? 'another' : 'a'} primary key: the table and all its indexes are written anew.`
      : `Leaves ${used.words} without a primary key: replicas then look for every changed row through the whole table, and clusters refuse it.`;
    return {
      severity: drops && !adds ? 'danger' : used.grade,
      message,
      remedy: drops && !adds ? 'Drop it and add the new one in the same statement.' : online,
    };
  },
};
