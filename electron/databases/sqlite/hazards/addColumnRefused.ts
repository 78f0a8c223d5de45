import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** What ALTER TABLE … ADD COLUMN cannot add (sqlite.org/lang_altertable.html, section 4). */
export const addColumnRefused: HazardRule<Parsed> = {
  code: 'addColumnRefused',
  category: 'scansTable',
  look({ definition, plain, script }, { isNew }) {
    if (definition?.kind !== 'addColumn') return null;
    const why = refusedAlways(plain, script.foreignKeys) ?? (isNew(definition.table) ? null : refusedWithRows(plain));
    if (why === null) return null;
    return {
      severity: 'warning',
      message: `Adds ${definition.column} to ${definition.table} ${why}.`,
      remedy: 'Add it without, or rebuild the table: make a new one, copy, drop the old one, rename.',
    };
  },
};

function refusedAlways(plain: string, foreignKeys: boolean): string | null {
  if (/\b(?:UNIQUE|PRIMARY KEY)\b/.test(plain)) return 'with a key of its own, which SQLite refuses';
  if (/\b(?:STORED)\b/.test(plain)) return 'as a stored generated column, which SQLite refuses';
  const references = /\bREFERENCES\b/.test(plain) && /\bDEFAULT (?!NULL\b)/.test(plain);
  return references && foreignKeys
    ? 'with a reference and a default, which SQLite refuses while foreign keys are ON'
    : null;
}

function refusedWithRows(plain: string): string | null {
  if (/\bNOT NULL\b/.test(plain) && !/\bDEFAULT (?!NULL\b)/.test(plain) && !/ AS \(/.test(plain))
    return 'as NOT NULL without a default, which SQLite refuses';
  if (/\bDEFAULT (?:CURRENT_TIMESTAMP|CURRENT_DATE|CURRENT_TIME|\()/.test(plain))
    return 'with a default that is no constant, which SQLite refuses where there are rows';
  return /\bCHECK \(/.test(plain)
    ? 'with a check that is tried on every row: the first one that its default breaks stops the run'
    : null;
}
