/** libpq's password file (postgresql.org/docs/current/libpq-pgpass.html). */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { NetworkConnection } from '../../../shared/model/environment.ts';

export interface PgpassEntry {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

export function pgpassFile(variables: Variables = process.env, platform: NodeJS.Platform = process.platform): string {
  const named = variables['PGPASSFILE'];
  if (named !== undefined && named !== '') return named;
  return platform === 'win32'
    ? join(variables['APPDATA'] ?? '', 'postgresql', 'pgpass.conf')
    : join(variables['HOME'] ?? homedir(), '.pgpass');
}

/** Lines of another form than `host:port:database:user:password` are passed over, as libpq does. */
export function readPgpass(text: string): PgpassEntry[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const [host, port, database, user, ...rest] = fieldsOf(line);
    const password = rest[0];
    if (host === undefined || port === undefined || database === undefined || user === undefined) return [];
    return password === undefined ? [] : [{ host, port, database, user, password }];
  });
}

/** At colons, a backslash taking the next character as it is. What follows a fifth colon is ignored. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === ':') {
      fields.push(field);
      field = '';
    } else if (character === '\\' && at + 1 < line.length) {
      field += line.charAt(++at);
    } else {
      field += character;
    }
  }
  return [...fields, field];
}

/** Of the first line that fits. A Unix socket in one of the usual folders counts as localhost. */
export function pgpassPassword(
  entries: readonly PgpassEntry[],
  { host, port, database, user }: Pick<NetworkConnection, 'host' | 'port' | 'database' | 'user'>,
): string | null {
  const named = usualSocketFolders.has(host) ? 'localhost' : host;
  const fits = (pattern: string, value: string): boolean => pattern === '*' || pattern === value;
  const found = entries.find(
    (entry) =>
      fits(entry.host, named) &&
      fits(entry.port, String(port)) &&
      fits(entry.database, database) &&
      fits(entry.user, user),
  );
  return found === undefined || found.password === '' ? null : found.password;
}

const usualSocketFolders: ReadonlySet<string> = new Set(['/tmp', '/var/run/postgresql', '/run/postgresql']);
