// Names of the databases a restore makes: they sort by time and tell what they are.
import type { RestoreNames } from '../restorer.ts';

/** `20260704_101500`: in names of databases, where other signs would need quotes. */
export const stampOf = (at: Date): string =>
  at
    .toISOString()
    .replace(/[-:]|\.\d+Z/g, '')
    .replace('T', '_');

/** `<live>_restored_<stamp>` and `<live>_before_<stamp>`; `live` is cut so that they fit into `longest` bytes. */
export function databaseNames(live: string, stamp: string, longest: number): RestoreNames {
  const suffixes = { restored: `_restored_${stamp}`, kept: `_before_${stamp}` };
  const short = cut(live, longest - suffixes.restored.length);
  return { live, restored: short + suffixes.restored, kept: short + suffixes.kept };
}

/** Whole characters only. */
function cut(text: string, bytes: number): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}
