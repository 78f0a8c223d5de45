import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';
import { isStrictMode, sqlModeSetBy } from './scriptState.ts';

const remedy =
  'Set it back right after the statements that need it; Lockkeeper does so at the end of each migration only.';

const switches = [
  {
    form: /\bFOREIGN_KEY_CHECKS :? ?= (?:0|OFF|FALSE)\b/,
    message:
      'Switches foreign_key_checks off: rows written from here on may refer to others that do not exist, and switching it on again does not look for them.',
  },
  {
    form: /\bUNIQUE_CHECKS :? ?= (?:0|OFF|FALSE)\b/,
    message: 'Switches unique_checks off: the server may accept equal values in secondary unique keys.',
  },
  {
    form: /\bSQL_LOG_BIN :? ?= (?:0|OFF|FALSE)\b/,
    message: 'Switches the binary log off: replicas do not get what follows, and differ from then on.',
  },
  {
    form: /\bCHECK_CONSTRAINT_CHECKS :? ?= (?:0|OFF|FALSE)\b/,
    message:
      'Switches checks off: rows written from here on may break CHECK constraints, and nothing looks for them later.',
  },
] as const;

/** What a SET changes of the statements after it. */
export const sessionSetting: HazardRule<Parsed> = {
  code: 'sessionSetting',
  category: 'sessionSetting',
  look({ plain }, { traits, statement }) {
    if (traits.kind !== 'session' || !plain.startsWith('SET ')) return null;
    const found = switches.find(({ form }) => form.test(plain));
    if (found !== undefined) return { severity: 'warning', message: found.message, remedy };
    const mode = sqlModeSetBy(statement.text);
    if (mode === null || mode.startsWith('@')) return null;
    const isStrict = isStrictMode(mode);
    return {
      severity: isStrict ? 'notice' : 'warning',
      message: isStrict
        ? 'Sets sql_mode: routines, triggers and events made after it keep this mode.'
        : 'Sets an sql_mode that is not strict: values that do not fit are cut or replaced in silence, and routines made after it keep that mode.',
      remedy,
    };
  },
};
