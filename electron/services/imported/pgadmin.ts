/** pgAdmin's export of servers (Tools, Import/Export Servers): each with its maintenance database. Passwords are never in it. */
import { z } from 'zod';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { connectionOf } from '../pasted/fields.ts';
import { definedFields } from './clientFiles.ts';
import { type FoundConnection, found, passedOver } from './found.ts';

const text = z
  .union([z.string().max(4096), z.number()])
  .transform(String)
  .optional()
  .catch(undefined);

const server = z.object({
  Name: text,
  Group: text,
  Host: text,
  Port: text,
  MaintenanceDB: text,
  Username: text,
  SSLMode: text,
  SSLRootCert: text,
  Service: text,
  ConnectionParameters: z.record(z.string(), z.unknown()).catch({}),
  UseSSHTunnel: z.union([z.number(), z.boolean()]).transform(Boolean).catch(false),
  TunnelHost: text,
  TunnelPort: text,
  TunnelUsername: text,
  TunnelIdentityFile: text,
});
const file = z.object({ Servers: z.record(z.string(), z.unknown()) });

/** Null: it is no such file. */
export function connectionsOfPgadmin(json: unknown): FoundConnection[] | null {
  const parsed = file.safeParse(json);
  if (!parsed.success) return null;
  return Object.entries(parsed.data.Servers).map(([id, value]) => {
    const one = server.safeParse(value);
    if (!one.success) return passedOver(id, 'it is not of the form that pgAdmin writes');
    return fromServer(one.data.Name ?? id, one.data);
  });
}

function fromServer(name: string, about: z.infer<typeof server>): FoundConnection {
  const { Host: host, Username: user, MaintenanceDB: database = 'postgres', Group: group = '' } = about;
  if (host === undefined || host === '' || user === undefined) return passedOver(name, 'it names no host or user');
  const parameter = (key: string): string | undefined => {
    const value = about.ConnectionParameters[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const fields = definedFields({
    host,
    port: about.Port,
    database,
    user,
    tls: about.SSLMode ?? parameter('sslmode'),
    authority: about.SSLRootCert ?? parameter('sslrootcert'),
    certificate: parameter('sslcert'),
    key: parameter('sslkey'),
  });
  return found(
    {
      name,
      group: group === 'Servers' ? '' : group,
      needsPassword: false,
      notes: [`pgAdmin knows its maintenance database ${database} only: name the one to migrate`],
    },
    () => {
      const { connection } = connectionOf(fields, 'postgres');
      return {
        connection: connection.engine === 'sqlite' ? connection : withTunnel(connection, about),
        password: null,
      };
    },
  );
}

function withTunnel(connection: NetworkConnection, about: z.infer<typeof server>): NetworkConnection {
  const { TunnelHost: host, TunnelUsername: user, TunnelIdentityFile: keyFile } = about;
  if (!about.UseSSHTunnel || host === undefined || host === '') return connection;
  const port = Number(about.TunnelPort ?? 22);
  return {
    ...connection,
    ssh: {
      host,
      ...(Number.isInteger(port) && port > 0 && port < 65_536 && port !== 22 ? { port } : {}),
      ...(user === undefined || user === '' ? {} : { user }),
      ...(keyFile === undefined || keyFile === '' ? {} : { keyFile }),
    },
  };
}
