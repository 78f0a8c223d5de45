import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { calledFunctions } from './tree.ts';

/** Sequences count outside of transactions. */
export const sequenceKept: HazardRule<Parsed> = {
  code: 'sequenceKept',
  category: 'notTransactional',
  look({ node }) {
    if (node === null || 'CreateStmt' in node || 'AlterTableStmt' in node) return null;
    const called = calledFunctions(node);
    const name = called.find((one) => one === 'setval') ?? called.find((one) => one === 'nextval');
    if (name === undefined) return null;
    return {
      severity: 'notice',
      message: `${name} is not undone when the transaction is rolled back.`,
      ...(name === 'setval'
        ? { remedy: 'ALTER SEQUENCE … RESTART WITH … is undone, but takes a literal number.' }
        : {}),
    };
  },
};
