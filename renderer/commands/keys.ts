/** Key descriptions of the registry, against keyboard events. */
import { type CommandId, commands } from '../../shared/commands.ts';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Does `press` mean `keys`, e.g. `mod+k`? Shift is part of the character. */
export function pressMeans(press: KeyPress, keys: string, mac: boolean): boolean {
  const wantsMod = keys.startsWith('mod+');
  const key = wantsMod ? keys.slice(4) : keys;
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (press.altKey || other || mod !== wantsMod) return false;
  return press.key === key || press.key.toLowerCase() === key;
}

/** Those that have this key, each on screens of its own. */
export const commandsOf = (press: KeyPress, mac: boolean): readonly CommandId[] =>
  commands.filter((command) => command.keys.some((keys) => pressMeans(press, keys, mac))).map(({ id }) => id);

/** Plain characters belong to the field that has the focus. */
export const isPlain = (press: KeyPress): boolean => !press.ctrlKey && !press.metaKey && press.key.length === 1;

/** What every field does by itself: copy, paste, cut, select all, undo, redo. */
export const isEditing = ({ ctrlKey, metaKey, key }: KeyPress): boolean =>
  (ctrlKey || metaKey) && 'acvxyz'.includes(key.toLowerCase());

export const onMac = (): boolean => navigator.userAgent.includes('Mac');

/** `mod+k` as `Ctrl` `K`. */
export function keyCaps(keys: string, mac: boolean): string[] {
  // The plus key itself: `mod++`.
  return keys.split(/\+(?=.)/).map((part) => {
    if (part === 'mod') return mac ? '⌘' : 'Ctrl';
    return part.length === 1 ? part.toUpperCase() : part;
  });
}
