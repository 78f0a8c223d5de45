import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** How a crash is survived, for this and every later session. */
export const journalMode: HazardRule<Parsed> = {
  code: 'journalMode',
  category: 'irreversible',
  look({ pragma }) {
    const isMode = pragma?.name === 'JOURNAL_MODE';
    const isSync = pragma?.name === 'SYNCHRONOUS';
    if (pragma === null || pragma.value === null || !(isMode || isSync)) return null;
    if (isSync && !/^(?:0|OFF)$/.test(pragma.value)) return null;
    const isUnsafe = isSync || /^(?:OFF|MEMORY)$/.test(pragma.value);
    return {
      severity: isUnsafe ? 'danger' : 'warning',
      ...(isSync ? { category: 'sessionSetting' as const } : {}),
      message: isUnsafe
        ? `${pragma.name.toLowerCase()} = ${pragma.value} gives up what a crash is survived by: the file may be broken after one.`
        : `journal_mode = ${pragma.value} stays in the file: every later session has it, programs on a network share may not open it, and it waits until nobody else uses the file.`,
      remedy: isUnsafe ? 'Leave it out.' : 'Set it once where the file is made, outside of migrations.',
    };
  },
};
