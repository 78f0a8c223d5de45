import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { alterationOf, as } from './tree.ts';

/** Views, foreign keys and more go that nobody named. */
export const dropCascade: HazardRule<Parsed> = {
  code: 'dropCascade',
  category: 'dataLoss',
  look({ node }) {
    const cascades =
      as(node, 'DropStmt')?.behavior === 'DROP_CASCADE' ||
      as(node, 'TruncateStmt')?.behavior === 'DROP_CASCADE' ||
      alterationOf(node)?.commands.some(
        ({ behavior, subtype }) =>
          behavior === 'DROP_CASCADE' && (subtype === 'AT_DropColumn' || subtype === 'AT_DropConstraint'),
      ) === true;
    if (!cascades) return null;
    return {
      severity: 'warning',
      message: `CASCADE takes along whatever depends on it${as(node, 'TruncateStmt') === undefined ? ': views, foreign keys, functions' : ': the rows of all tables whose foreign keys point here'}, also what the next release adds.`,
      remedy: 'Name what is to go, in order, without CASCADE: then the server refuses what was forgotten.',
    };
  },
};
