import { setImmediate as othersFirst } from 'node:timers/promises';
import type { ScriptReader } from '../engine/ports.ts';

/** Characters that are split and judged in one go: some milliseconds' work. */
const atOnce = 32 * 1024;

/** Reads for work that may take its time: between two parts everybody else of this process has a turn. */
export const unhurried = (scripts: ScriptReader): ScriptReader => ({
  async *read(script) {
    for await (const chunk of scripts.read(script))
      for (let from = 0; from < chunk.length; from += atOnce) {
        yield chunk.slice(from, from + atOnce);
        await othersFirst();
      }
  },
});
