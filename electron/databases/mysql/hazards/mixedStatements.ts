import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** A definition commits what came before it: the script is no whole. */
export const mixedStatements: HazardRule<Parsed> = {
  code: 'mixedStatements',
  category: 'mixedStatements',
  look({ script }, { traits, statement }) {
    const commits = traits.kind === 'definition' && traits.implicitCommit;
    if (commits && script.transaction !== null && script.rows !== null)
      return {
        severity: 'danger',
        message: `${traits.verb} commits the transaction that began at line ${script.transaction}: its ROLLBACK undoes nothing before this statement.`,
        remedy: 'Change definitions in a migration of their own, outside of any transaction.',
      };
    const changesRows = traits.kind === 'data' && !traits.implicitCommit && statement.batch === undefined;
    const isFirst = (commits && script.definitions === null) || (changesRows && script.rows === null);
    const before = commits ? script.rows : script.definitions;
    if (!isFirst || before === null) return null;
    return {
      severity: 'warning',
      message: commits
        ? `${traits.verb} commits the rows changed since line ${before}: if anything after it fails, they stay.`
        : `The definitions since line ${before} are committed already: if changing rows fails, they stay.`,
      remedy: 'Change tables in one migration and rows in the next.',
    };
  },
};
