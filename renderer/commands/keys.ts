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

export const commandOf = (press: KeyPress, mac: boolean): CommandId | null =>
  commands.find((command) => command.keys.some((keys) => pressMeans(press, keys, mac)))?.id ?? null;

/** Plain characters belong to the field that has the focus. */
export const isPlain = (press: KeyPress): boolean => !press.ctrlKey && !press.metaKey && press.key.length === 1;

export const onMac = (): boolean => navigator.userAgent.includes('Mac');

/** `mod+k` as `Ctrl` `K`. */
export function keyCaps(keys: string, mac: boolean): string[] {
  return keys.split('+').map((part) => {
    if (part === 'mod') return mac ? '⌘' : 'Ctrl';
    return part.length === 1 ? part.toUpperCase() : part;
  });
}
