import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** Files of the computer that the server runs on, or of this one. */
export const serverFile: HazardRule<Parsed> = {
  code: 'serverFile',
  category: 'externalEffect',
  look(parsed, { statement }) {
    // Rows of data scripts are many: their words are read only where one of these can be among them.
    if (!/LOAD|OUTFILE|DUMPFILE/i.test(statement.text)) return null;
    const { plain } = parsed;
    if (/\bLOAD (?:DATA|XML)\b/.test(plain))
      return {
        severity: 'warning',
        message: `Reads a file of ${/\bLOCAL\b/.test(plain) ? 'the client’s' : 'the server’s'} computer: it is not part of the migration, and may differ elsewhere.`,
        remedy: 'INSERT statements carry the data in the migration itself.',
      };
    if (/\bINTO (?:OUTFILE|DUMPFILE)\b/.test(plain))
      return {
        severity: 'danger',
        message: 'Writes a file on the server’s computer: data leaves the database, and no rollback removes it.',
        remedy: 'Read the rows through a session.',
      };
    if (!/\bLOAD_FILE \(/.test(plain)) return null;
    return {
      severity: 'warning',
      message:
        'LOAD_FILE reads a file of the server’s computer: it differs from place to place, and is NULL where it may not be read.',
      remedy: 'Carry the value in the migration itself.',
    };
  },
};
