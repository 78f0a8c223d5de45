/** The connections that `.pgpass`, `.pg_service.conf` and `.my.cnf` name. Their passwords are not looked at. */
import type { NetworkConnection } from '../../shared/model/environment.ts';
import { ProblemError } from '../../shared/problem.ts';
import { readOptionGroups } from '../credentials/files/optionFile.ts';
import { readPgpass } from '../credentials/files/pgpass.ts';
import { parseConnection } from './parseConnection.ts';

export type FoundConnection =
  | {
      readonly kind: 'connection';
      readonly name: string;
      readonly connection: NetworkConnection;
      readonly from: string;
    }
  | {
      readonly kind: 'passedOver';
      readonly told: { readonly from: string; readonly what: string; readonly why: string };
    };

export function connectionsOfPgpass(text: string, from: string): FoundConnection[] {
  return readPgpass(text).map(({ host, port, database, user }) => {
    const what = [host, port, database, user].join(':');
    if ([host, database, user].includes('*')) return passedOver(from, what, 'it is for any host, database or user');
    const place = port === '*' || port === '5432' ? '' : `:${port}`;
    const url = `postgres://${encodeURIComponent(user)}@${encodeHost(host)}${port === '*' ? '' : `:${port}`}/${encodeURIComponent(database)}`;
    return connectionFrom(url, `${database}@${host}${place}`, from, what);
  });
}

export function connectionsOfPgService(text: string, from: string): FoundConnection[] {
  return readOptionGroups(text).map(({ name, options }) => {
    const get = (option: string) => options.get(option);
    const host = get('host') ?? get('hostaddr');
    const [user, database] = [get('user'), get('dbname') ?? get('user')];
    if (host === undefined || user === undefined || database === undefined)
      return passedOver(from, name, 'it names no host, user or database');
    const parameters = new URLSearchParams();
    for (const option of ['sslmode', 'sslrootcert'] as const) {
      const value = get(option);
      if (value !== undefined) parameters.set(option, value);
    }
    const path = `${get('port') === undefined ? '' : `:${get('port')}`}/${encodeURIComponent(database)}`;
    const query = parameters.size === 0 ? '' : `?${parameters.toString()}`;
    return connectionFrom(
      `postgres://${encodeURIComponent(user)}@${encodeHost(host)}${path}${query}`,
      name,
      from,
      name,
    );
  });
}

/** `[client]` and groups of a suffix, such as `[client_shop]`, which add to it. */
export function connectionsOfMyCnf(text: string, from: string): FoundConnection[] {
  const groups = readOptionGroups(text);
  const shared = new Map(groups.filter(({ name }) => name === 'client').flatMap(({ options }) => [...options]));
  return groups
    .filter(({ name }) => name.startsWith('client'))
    .map(({ name, options }) => {
      const get = (option: string) => options.get(option) ?? shared.get(option);
      const [user, database] = [get('user'), get('database')];
      if (user === undefined || database === undefined)
        return passedOver(from, name, 'it names no user or no database');
      const socket = get('socket');
      const host = get('host') ?? 'localhost';
      const port = get('port') === undefined ? '' : `:${get('port')}`;
      const query = socket === undefined || get('host') !== undefined ? '' : `?socket=${encodeURIComponent(socket)}`;
      const url = `mysql://${encodeURIComponent(user)}@${encodeHost(host)}${port}/${encodeURIComponent(database)}${query}`;
      return connectionFrom(url, name === 'client' ? `${database}@${host}` : name, from, name);
    });
}

const encodeHost = (host: string): string => (host.includes(':') ? `[${host}]` : encodeURIComponent(host));

function connectionFrom(url: string, name: string, from: string, what: string): FoundConnection {
  try {
    const { connection } = parseConnection(url);
    if (connection.engine === 'sqlite') return passedOver(from, what, 'it names no server');
    return { kind: 'connection', name: name.slice(0, 100), connection, from };
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return passedOver(from, what, thrown.problem.message);
  }
}

const passedOver = (from: string, what: string, why: string): FoundConnection => ({
  kind: 'passedOver',
  told: { from, what, why },
});
