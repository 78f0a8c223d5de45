// Where a JavaScript library connects to: the parts of a test database's URL by the names that drivers give them.
import type { PeerPlace } from './peer.ts';

export interface LibraryConnection {
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** SQLite's. */
  readonly filename?: string;
}

export function libraryConnection({ engine, url }: Pick<PeerPlace, 'engine' | 'url'>): LibraryConnection {
  if (engine === 'sqlite') return { filename: url.replace(/^sqlite:/, '') };
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
}
