import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { as, calledFunctions } from './tree.ts';

const functions = /^(?:pg_read_(?:binary_)?file|pg_ls_\w+|pg_stat_file|pg_file_\w+|lo_import|lo_export)$/;

/** Files of the computer that the server runs on. */
export const serverFile: HazardRule<Parsed> = {
  code: 'serverFile',
  category: 'externalEffect',
  look({ node }) {
    const copy = as(node, 'CopyStmt');
    const file = copy?.is_program === true ? undefined : copy?.filename;
    if (file !== undefined)
      return {
        severity: copy?.is_from === true ? 'warning' : 'danger',
        message:
          copy?.is_from === true
            ? `Reads the file ${file} of the server’s computer: it is not part of the migration, and may differ elsewhere.`
            : `Writes the file ${file} on the server’s computer: an old one is gone, and no rollback brings it back.`,
        remedy: 'COPY … FROM STDIN carries the data in the migration itself.',
      };
    const called = calledFunctions(node).find((name) => functions.test(name));
    if (called === undefined) return null;
    return {
      severity: 'warning',
      message: `${called} reaches files of the server’s computer: they differ from place to place, and no rollback undoes what is written.`,
    };
  },
};
