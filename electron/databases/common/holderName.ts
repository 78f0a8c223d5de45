// How a session tells others who holds a lock: one short name that servers show beside their sessions.
import type { LockHolder } from '../../../shared/model/lock.ts';

/** PostgreSQL keeps 63 bytes of an application name. */
const maxBytes = 60;

/** `lockkeeper <person>@<host>#<process>` in at most 60 bytes of printable ASCII, as PostgreSQL stores such names. */
export function holderName(holder: Pick<LockHolder, 'person' | 'host' | 'process'>): string {
  const process = `#${printable(holder.process ?? '')}`;
  const place = `lockkeeper ${printable(holder.person ?? '').replaceAll('@', '?')}@${printable(holder.host ?? '').replaceAll('#', '?')}`;
  return place.slice(0, maxBytes - process.length) + process;
}

/** The parts of such a name; null when it is another program's. */
export function readHolderName(name: string): Pick<LockHolder, 'person' | 'host' | 'process'> | null {
  const parts = /^lockkeeper ([^@]*)@?([^#]*)#(.*)$/.exec(name);
  if (parts === null) return null;
  const [, person = '', host = '', process = ''] = parts;
  return { person: person || null, host: host || null, process: process || null };
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');
