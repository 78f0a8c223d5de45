/** The connections that `.pgpass`, `pg_service.conf` and `my.cnf` name. */
import { readOptionGroups } from '../../credentials/files/optionFile.ts';
import { readPgpass } from '../../credentials/files/pgpass.ts';
import { connectionOf, type Fields } from '../pasted/fields.ts';
import { type FoundConnection, found, passedOver } from './found.ts';

/** `own`: the file is where the client looks for it, so that passwords stay there and are read each time. */
export function connectionsOfPgpass(text: string, own: boolean): FoundConnection[] {
  return readPgpass(text).map(({ host, port, database, user, password }) => {
    const what = [host, port, database, user].join(':');
    if ([host, database, user].includes('*')) return passedOver(what, 'it is for any host, database or user');
    const place = port === '*' || port === '5432' ? '' : `:${port}`;
    const fields = { host, database, user, ...(port === '*' ? {} : { port }), ...(own ? {} : { password }) };
    return found({ name: `${database}@${host}${place}`, what, needsPassword: !own }, () =>
      connectionOf(fields, 'postgres'),
    );
  });
}

export function connectionsOfPgService(text: string): FoundConnection[] {
  return readOptionGroups(text).map(({ name, options }) => {
    const get = (option: string) => options.get(option);
    const [host, user] = [get('host') ?? get('hostaddr'), get('user')];
    const database = get('dbname') ?? user;
    if (host === undefined || user === undefined || database === undefined)
      return passedOver(name, 'it names no host, user or database');
    const fields = definedFields({
      host,
      user,
      database,
      port: get('port'),
      password: get('password'),
      tls: get('sslmode'),
      authority: get('sslrootcert'),
      certificate: get('sslcert'),
      key: get('sslkey'),
    });
    // Without a password libpq looks into its password file, and so do we.
    return found({ name, needsPassword: fields.password !== undefined }, () => connectionOf(fields, 'postgres'));
  });
}

/** `[client]` and groups of a suffix, such as `[client_shop]`, which add to it. */
export function connectionsOfMyCnf(text: string, own: boolean): FoundConnection[] {
  const groups = readOptionGroups(text);
  const shared = new Map(groups.filter(({ name }) => name === 'client').flatMap(({ options }) => [...options]));
  return groups
    .filter(({ name }) => name.startsWith('client'))
    .map(({ name, options }) => {
      const get = (option: string) => options.get(option) ?? shared.get(option);
      const [user, database] = [get('user'), get('database')];
      if (user === undefined || database === undefined) return passedOver(name, 'it names no user or no database');
      const host = get('host');
      const fields = definedFields({
        host: host ?? 'localhost',
        user,
        database,
        port: get('port'),
        socket: host === undefined ? get('socket') : undefined,
        // A group of its own is not read when connecting: only `[client]` is.
        password: own && name === 'client' ? undefined : get('password'),
        authority: get('ssl-ca'),
        certificate: get('ssl-cert'),
        key: get('ssl-key'),
        tls: get('ssl-mode'),
      });
      const known = name === 'client' ? `${database}@${host ?? 'localhost'}` : name;
      return found({ name: known, what: name, needsPassword: !own || fields.password !== undefined }, () =>
        connectionOf(fields, 'mysql'),
      );
    });
}

/** Without what is not said. */
export const definedFields = (fields: { readonly [K in keyof Fields]?: Fields[K] | undefined }): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
