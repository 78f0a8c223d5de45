/** The names under which programs keep the parts of a connection, and the connection that they make. */
import { homedir } from 'node:os';
import type { EngineId } from '../../../shared/model/environment.ts';
import { raise } from '../../../shared/problem.ts';
import type { ParsedUrl } from '../../databases/driver.ts';
import { driverFor } from '../../databases/registry.ts';

export interface Fields {
  /** What names the engine: a driver, a dialect, an adapter, a scheme. */
  readonly engine?: string;
  readonly host?: string;
  readonly port?: string;
  readonly socket?: string;
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
  readonly tls?: string;
  readonly authority?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly searchPath?: string;
}

type Field = keyof Fields;

/** In lower case, without what separates words. */
const names: Readonly<Record<Field, readonly string[]>> = {
  engine: ['engine', 'driver', 'dialect', 'adapter', 'client', 'type', 'provider', 'connection', 'protocol', 'system'],
  host: ['host', 'hostname', 'hostaddr', 'server', 'servername', 'datasource', 'address', 'addr', 'networkaddress'],
  port: ['port'],
  socket: ['socket', 'unixsocket', 'socketpath'],
  database: ['database', 'databasename', 'dbname', 'db', 'initialcatalog', 'catalog'],
  user: ['user', 'username', 'userid', 'uid', 'login'],
  password: ['password', 'pass', 'pwd', 'passwd'],
  tls: ['sslmode', 'ssl', 'tls', 'tlsmode', 'usessl'],
  authority: ['sslrootcert', 'rootcertificate', 'sslca', 'sslcafile', 'cacertificatefile', 'cafile'],
  certificate: ['sslcert', 'sslcertificate', 'sslclientcert', 'certfile'],
  key: ['sslkey', 'sslclientkey', 'keyfile'],
  searchPath: ['searchpath', 'currentschema', 'schema'],
};

const fieldByName = new Map(
  Object.entries(names).flatMap(([field, all]) => all.map((name) => [name, field as Field] as const)),
);

/** Names that no field has are passed over; of two the first that says something counts. */
export function fieldsOf(pairs: Iterable<readonly [name: string, value: string]>): Fields {
  const fields: Partial<Record<Field, string>> = {};
  let called: string | undefined;
  for (const [name, value] of pairs) {
    const plain = name.toLowerCase().replace(/[\s_-]/g, '');
    const field = fieldByName.get(plain);
    // Django's NAME is the database; elsewhere it may be what the connection is called.
    if (plain === 'name') called ??= value;
    else if (field !== undefined && value !== '') fields[field] ??= value;
  }
  return called === undefined || called === '' ? fields : { database: called, ...fields };
}

/** By words such as `django.db.backends.postgresql` or `{MySQL ODBC 8.0 Unicode Driver}`, else by the usual port. */
export function engineOf({ engine = '', port }: Fields): EngineId | null {
  if (/postgre|pgsql|postgis|^pg$/i.test(engine)) return 'postgres';
  if (/mysql|maria/i.test(engine)) return 'mysql';
  if (/sqlite/i.test(engine)) return 'sqlite';
  if (engine !== '' && /server|oracle|oci|mongo|redis|db2|odbc.*sql/i.test(engine)) return null;
  return port === '5432' ? 'postgres' : port === '3306' ? 'mysql' : null;
}

/** @throws {ProblemError} `environment.invalidUrl` */
export function connectionOf(fields: Fields, engine: EngineId): ParsedUrl {
  if (engine === 'sqlite') return sqliteConnection(fields.database ?? fields.host ?? '');
  return driverFor(engine).parseUrl(engine === 'postgres' ? keyValues(fields) : mysqlUrl(fields));
}

/** `~` is what a shell would make of it. */
export const sqliteConnection = (file: string): ParsedUrl =>
  driverFor('sqlite').parseUrl(`sqlite:${file.replace(/^~(?=\/)/, homedir())}`);

/** libpq's own form, which holds any value. */
function keyValues({
  host,
  port,
  socket,
  database,
  user,
  password,
  tls,
  authority,
  certificate,
  key,
  searchPath,
}: Fields) {
  const said: Readonly<Record<string, string | undefined>> = {
    host: socket ?? host ?? 'localhost',
    port,
    dbname: database,
    user,
    password,
    sslmode: tlsWord(tls) ?? undefined,
    ssl: tlsWord(tls) === null && isTrue(tls) ? 'true' : undefined,
    sslrootcert: authority,
    sslcert: certificate,
    sslkey: key,
    search_path: searchPath,
  };
  return Object.entries(said)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}='${value.replace(/[\\']/g, '\\$&')}'`]))
    .join(' ');
}

function mysqlUrl({ host, port, socket, database, user, password, tls, authority, certificate, key }: Fields): string {
  const local = socket ?? (host?.startsWith('/') === true ? host : undefined);
  const parameters = new Map<string, string | undefined>([
    ['socket', local],
    ['ssl-mode', tlsWord(tls) ?? (isTrue(tls) ? 'true' : undefined)],
    ['ssl-ca', authority],
    ['ssl-cert', certificate],
    ['ssl-key', key],
  ]);
  const query = [...parameters].flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  const login =
    user === undefined
      ? ''
      : `${encodeURIComponent(user)}${password === undefined ? '' : `:${encodeURIComponent(password)}`}@`;
  const name = local !== undefined || host === undefined ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const place = `${name}${port === undefined ? '' : `:${port}`}`;
  return `mysql://${login}${place}/${encodeURIComponent(database ?? '')}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

const tlsWords: Readonly<Record<string, readonly string[]>> = {
  disable: ['disable', 'disabled', 'none', 'false', 'no', 'off', '0'],
  prefer: ['prefer', 'preferred', 'allow'],
  require: ['require', 'required', 'noverify', 'skipverify', 'trust'],
  'verify-ca': ['verifyca'],
  'verify-full': ['verifyfull', 'verifyidentity', 'strict'],
};

/** libpq's word; null for none, and for a plain yes, which the engine's driver judges by the host. */
function tlsWord(value: string | undefined): string | null {
  const plain = (value ?? '').toLowerCase().replace(/[\s_-]/g, '');
  const found = Object.entries(tlsWords).find(([, words]) => words.includes(plain));
  if (found !== undefined) return found[0];
  if (value === undefined || value === '' || isTrue(value)) return null;
  return raise({
    code: 'environment.invalidUrl',
    message: 'The text asks for a kind of TLS that is not known.',
    hint: `Use one of ${Object.keys(tlsWords).join(', ')}.`,
  });
}

const isTrue = (value: string | undefined): boolean => /^(?:true|yes|on|1)$/i.test(value ?? '');
