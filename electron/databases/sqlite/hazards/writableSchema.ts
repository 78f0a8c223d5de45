import type { HazardRule } from '../../../engine/hazards.ts';
import { isOn } from './definitions.ts';
import type { Parsed } from './reading.ts';

/** Definitions are written as rows, and nobody checks them. */
export const writableSchema: HazardRule<Parsed> = {
  code: 'writableSchema',
  category: 'irreversible',
  look({ pragma, plain }, { traits }) {
    const writes =
      traits.kind === 'data' &&
      /\b(?:SQLITE_SCHEMA|SQLITE_MASTER)\b/.test(plain) &&
      !/\bFROM SQLITE_(?:SCHEMA|MASTER)\b/.test(plain.replace(/^DELETE FROM/, 'DELETE'));
    if (!writes && !(pragma?.name === 'WRITABLE_SCHEMA' && isOn(pragma.value))) return null;
    return {
      severity: 'danger',
      message:
        'writable_schema lets a statement write definitions as text: an error in it makes the database unreadable. Lockkeeper’s sessions refuse such writes.',
      remedy: 'Rebuild the table: make a new one, copy, drop the old one, rename.',
    };
  },
};
