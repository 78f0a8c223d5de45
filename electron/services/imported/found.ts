/** What a reader of other programs' files finds. The files are hostile: nothing of them is believed but these fields. */
import type { Connection, Tier } from '../../../shared/model/environment.ts';
import { ProblemError } from '../../../shared/problem.ts';
import type { ParsedUrl } from '../../databases/driver.ts';

export interface Found {
  readonly kind: 'connection';
  readonly name: string;
  readonly group: string;
  readonly connection: Connection;
  /** From the file; null: it holds none, or none that can be read. */
  readonly password: string | null;
  /** It needs a password; of SQLite's files none does. */
  readonly needsPassword: boolean;
  /** As that program calls it; null: it does not. */
  readonly tier: Tier | null;
  /** What a person should know, in words. */
  readonly notes: readonly string[];
}

export interface PassedOver {
  readonly kind: 'passedOver';
  readonly what: string;
  readonly why: string;
}

export type FoundConnection = Found | PassedOver;

interface About {
  readonly name: string;
  /** What the file calls it, for telling that it was passed over. */
  readonly what?: string;
  readonly group?: string;
  readonly tier?: Tier | null;
  readonly notes?: readonly string[];
  /** Where it is found each time; absent: it is asked for unless the file holds it. */
  readonly needsPassword?: boolean;
}

/** `read`: makes the connection, or says why there is none. */
export function found(about: About, read: () => ParsedUrl): FoundConnection {
  try {
    const { connection, password } = read();
    return {
      kind: 'connection',
      name: about.name.trim().slice(0, 100),
      group: (about.group ?? '').trim().slice(0, 100),
      connection,
      password: password === '' ? null : password,
      needsPassword: connection.engine !== 'sqlite' && (about.needsPassword ?? true),
      tier: about.tier ?? null,
      notes: about.notes ?? [],
    };
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return passedOver(about.what ?? about.name, thrown.problem.message);
  }
}

export const passedOver = (what: string, why: string): PassedOver => ({
  kind: 'passedOver',
  what: what.slice(0, 200),
  why,
});

/** The usual name of a connection that has none. */
export function placeName(connection: Connection): string {
  if (connection.engine !== 'sqlite') return `${connection.database}@${connection.host}`;
  return (connection.file.split(/[\\/]/).at(-1) ?? connection.file).replace(/\.[^.]+$/, '');
}
