import type { HazardRule } from '../../../engine/hazards.ts';
import { blocksWrites } from './lockModes.ts';
import type { Parsed } from './parse.ts';

/** Changing rows takes as long as there are rows; the locks of definitions before it last that long. */
export const mixedStatements: HazardRule<Parsed> = {
  code: 'mixedStatements',
  category: 'mixedStatements',
  look({ script }, { traits, statement }) {
    const changesRows = traits.kind === 'data' && /^(?:INSERT|UPDATE|DELETE|MERGE|COPY)$/.test(traits.verb);
    if (!changesRows || statement.batch !== undefined || !script.isOpen || script.told.has('mixedStatements'))
      return null;
    const held = [...script.locks].find(([, { mode }]) => blocksWrites(mode));
    if (held === undefined) return null;
    script.told.add('mixedStatements');
    const [table, { line, mode }] = held;
    return {
      severity: 'warning',
      message: `Changes rows while ${mode} on ${table} is held since line ${line}: ${mode === 'ACCESS EXCLUSIVE' ? 'everybody' : 'every writer'} waits until the rows are done.`,
      remedy: 'Change tables in one migration and rows in the next.',
    };
  },
};
