/** Names of a bundle's entries that mean the same file on every system, and no other. */
import { bidirectional } from './characters.ts';

/** Bytes of UTF-8. */
const longestName = 512;
const longestSegment = 200;
const deepest = 16;

/** Names that Windows keeps for devices, whatever their ending. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** What one of the systems does not take in a name, or takes as something else. */
const foreign = /[\u0000-\u001f\u007f-\u009f\\:*?"<>|]/;

/** What is wrong with a name; null: nothing. */
export function nameFault(name: string): string | null {
  if (name === '' || Buffer.byteLength(name) > longestName) return 'is empty or too long';
  if (name.startsWith('/')) return 'is absolute';
  if (foreign.test(name) || bidirectional.test(name)) return 'has characters that are not allowed in names';
  if (name.normalize('NFC') !== name || !name.isWellFormed()) return 'is not in Unicode’s composed form';
  const segments = name.split('/');
  if (segments.length > deepest) return 'lies too deep';
  for (const segment of segments) {
    if (segment === '' || segment === '.' || segment === '..') return 'leaves its folder or is not plain';
    if (Buffer.byteLength(segment) > longestSegment) return 'has a part that is too long';
    if (/[. ]$/.test(segment) || segment.startsWith(' ')) return 'begins or ends with what some systems drop';
    if (device.test(segment)) return 'is the name of a device';
  }
  return null;
}

/** Two names that would be one file, or a file and a folder, on some system; null: there are none. */
export function collision(names: readonly string[]): readonly [string, string] | null {
  const files = new Map<string, string>();
  for (const name of names) {
    const key = folded(name);
    const same = files.get(key);
    if (same !== undefined) return [same, name];
    files.set(key, name);
  }
  const folders = new Map<string, string>();
  for (const name of names) {
    const segments = name.split('/');
    for (let depth = 1; depth < segments.length; depth++) {
      const folder = segments.slice(0, depth).join('/');
      const key = folded(folder);
      const before = folders.get(key) ?? folder;
      if (before !== folder || files.has(key)) return [files.get(key) ?? before, name];
      folders.set(key, folder);
    }
  }
  return null;
}

const folded = (name: string): string => name.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKC');
