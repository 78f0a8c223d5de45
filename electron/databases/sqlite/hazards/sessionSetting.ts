import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

const settings: Readonly<Record<string, string>> = {
  LEGACY_ALTER_TABLE: 'decides whether a rename changes views, triggers and references too',
  RECURSIVE_TRIGGERS: 'decides whether REPLACE runs delete triggers',
  IGNORE_CHECK_CONSTRAINTS: 'lets rows break CHECK constraints, and nothing looks for them later',
  LOCKING_MODE: 'keeps everybody else out of the file until the session ends',
  DEFER_FOREIGN_KEYS: 'puts off the errors of foreign keys to the commit; it does not prevent ON DELETE CASCADE',
};

/** Pragmas that are not undone by a rollback, and change what follows. */
export const sessionSetting: HazardRule<Parsed> = {
  code: 'sessionSetting',
  category: 'sessionSetting',
  look({ pragma }) {
    const message = pragma === null || pragma.value === null ? undefined : settings[pragma.name];
    if (pragma === null || message === undefined) return null;
    return {
      severity: pragma.name === 'IGNORE_CHECK_CONSTRAINTS' ? 'warning' : 'notice',
      message: `PRAGMA ${pragma.name.toLowerCase()} ${message}. A rollback does not undo it; Lockkeeper does when the migration ends.`,
      remedy: 'Set it back right after the statements that need it.',
    };
  },
};
