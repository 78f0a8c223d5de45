import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { as } from './tree.ts';

export const runsProgram: HazardRule<Parsed> = {
  code: 'runsProgram',
  category: 'externalEffect',
  look({ node }) {
    const copy = as(node, 'CopyStmt');
    if (copy?.is_program !== true) return null;
    return {
      severity: 'danger',
      message: `Runs a program on the server’s computer, as the user that the server runs as: ${copy.filename ?? ''}. No rollback undoes that.`,
      remedy: 'Run it outside of migrations, and load the data with COPY … FROM STDIN.',
    };
  },
};
