/** Reads Electron's fuses from its program, as docs/tutorial/fuses.md describes them: marker, version, count, one byte each. */
import { readFile } from 'node:fs/promises';

const marker = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');

/** In their order in the program; those after them are left as Electron ships them. */
const names = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;

export type Fuses = Readonly<Partial<Record<(typeof names)[number], boolean>>>;

export const ourFuses: Fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  grantFileProtocolExtraPrivileges: false,
};

/** @throws when the file has none */
export async function readFuses(program: string): Promise<Fuses> {
  const content = await readFile(program);
  const at = content.indexOf(marker);
  if (at < 0) throw new Error(`${program} has no fuses`);
  const wire = content.subarray(at + marker.length + 2);
  return Object.fromEntries(names.map((name, index) => [name, wire[index] === '1'.charCodeAt(0)]));
}

/** What a fresh Electron has: everything we turn off is on. */
export const shippedWire = (): Buffer =>
  Buffer.concat([marker, Buffer.from([1, names.length]), Buffer.from('10110001')]);
