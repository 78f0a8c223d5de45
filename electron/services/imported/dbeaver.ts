/**
 * DBeaver's `data-sources.json`. Accounts and passwords are in another, encrypted file of its own, and are not taken
 * from there: they are entered.
 */
import { z } from 'zod';
import type { NetworkConnection, SshTunnel, Tier } from '../../../shared/model/environment.ts';
import { parseConnection } from '../parseConnection.ts';
import { connectionOf } from '../pasted/fields.ts';
import { definedFields } from './clientFiles.ts';
import { type FoundConnection, found, passedOver } from './found.ts';

const text = z
  .union([z.string().max(4096), z.number()])
  .transform(String)
  .optional()
  .catch(undefined);
const properties = z.record(z.string(), z.unknown()).catch({});
const handler = z
  .object({ enabled: z.boolean().catch(false), properties })
  .partial()
  .catch({});

const configuration = z.object({
  host: text,
  port: text,
  database: text,
  url: text,
  user: text,
  type: text,
  handlers: z.record(z.string(), handler).catch({}),
});
const source = z.object({ provider: text, driver: text, name: text, folder: text, configuration });
const file = z.object({ connections: z.record(z.string(), z.unknown()) });

const tierByType: Readonly<Record<string, Tier>> = { dev: 'development', test: 'test', prod: 'production' };

/** Null: it is no such file. */
export function connectionsOfDbeaver(json: unknown): FoundConnection[] | null {
  const parsed = file.safeParse(json);
  if (!parsed.success) return null;
  return Object.entries(parsed.data.connections).map(([id, value]) => {
    const one = source.safeParse(value);
    return one.success ? fromSource(id, one.data) : passedOver(id, 'it is not of the form that DBeaver writes');
  });
}

function fromSource(
  id: string,
  { provider = '', driver = '', name = id, folder, configuration: about }: z.infer<typeof source>,
) {
  const engine = engineOfDriver(`${provider} ${driver}`);
  if (engine === null)
    return passedOver(name, `${provider === '' ? 'its kind' : provider} is no database that Lockkeeper speaks to`);
  const asksUser = engine !== 'sqlite' && about.user === undefined;
  return found(
    {
      name,
      ...(folder === undefined ? {} : { group: folder }),
      tier: tierByType[about.type ?? ''] ?? null,
      notes:
        engine === 'sqlite'
          ? []
          : [
              asksUser
                ? 'DBeaver keeps user and password encrypted: enter them'
                : 'DBeaver keeps the password encrypted: enter it',
            ],
    },
    () => {
      const { connection } = read(about, engine);
      if (connection.engine === 'sqlite') return { connection, password: null };
      return {
        connection: withHandlers({ ...connection, ...(asksUser ? { user: '' } : {}) }, about.handlers),
        password: null,
      };
    },
  );
}

function engineOfDriver(driver: string): 'postgres' | 'mysql' | 'sqlite' | null {
  if (/postgres/i.test(driver)) return 'postgres';
  if (/mysql|mariadb/i.test(driver)) return 'mysql';
  return /sqlite/i.test(driver) ? 'sqlite' : null;
}

function read(
  { host, port, database, url, user }: z.infer<typeof configuration>,
  engine: 'postgres' | 'mysql' | 'sqlite',
) {
  if (engine === 'sqlite' && database === undefined && url !== undefined) return parseConnection(url);
  // What libpq and we would put in the place of a missing name is this computer's user.
  return connectionOf(definedFields({ host, port, database, user: user ?? 'unknown' }), engine);
}

function withHandlers(
  connection: NetworkConnection,
  handlers: z.infer<typeof configuration>['handlers'],
): NetworkConnection {
  const ssh = handlers['ssh_tunnel'];
  const ssl =
    Object.entries(handlers).find(([id, { enabled }]) => /ssl/.test(id) && enabled === true)?.[1].properties ?? {};
  const mode = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'].find((word) => word === ssl['sslMode']);
  const authority = ssl['ssl.ca.cert'];
  return {
    ...connection,
    ...(mode === undefined ? {} : { tls: mode as NetworkConnection['tls'] }),
    ...(typeof authority === 'string' && authority !== '' ? { tlsAuthorityFile: authority } : {}),
    ...(ssh?.enabled === true ? { ssh: tunnelOf(ssh.properties ?? {}) } : {}),
  };
}

function tunnelOf(said: Readonly<Record<string, unknown>>): SshTunnel {
  const word = (name: string): string | undefined => {
    const value = said[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const port = Number(said['port']);
  const [user, keyFile] = [word('user'), word('keyPath')];
  return {
    host: word('host') ?? '',
    ...(Number.isInteger(port) && port > 0 && port < 65_536 && port !== 22 ? { port } : {}),
    ...(user === undefined ? {} : { user }),
    ...(keyFile === undefined ? {} : { keyFile }),
  };
}
