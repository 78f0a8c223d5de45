// MariaDB from Debian's package.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import type { Client } from './client.ts';
import { giveToServer, runAsServer } from './identity.ts';
import type { Account, PrivateServer, Row } from './model.ts';
import { requireProgram } from './programs.ts';
import { newSuperuser, startServer } from './server.ts';

export const mariadbClient: Client = {
  scheme: 'mysql',
  administrativeDatabase: 'mysql',
  query: async (url, sql, parameters) => {
    const connection = await mysql.createConnection({
      uri: url,
      multipleStatements: true,
      connectTimeout: 5_000,
    });
    try {
      const [result, fields] = await connection.query(sql, parameters?.slice());
      return lastRows(result, fields);
    } finally {
      await connection.end();
    }
  },
  dropDatabase: (name) => `DROP DATABASE ${name}`,
  createUser: (account) => `CREATE USER ${accountName(account)} IDENTIFIED BY ${mysql.escape(account.password)}`,
};

/** mysql2 gives one list of fields per statement when the SQL holds several, and none for a statement without rows. */
function lastRows(result: unknown, fields: unknown): readonly Row[] {
  const several = Array.isArray(fields) && fields.every((field) => field === undefined || Array.isArray(field));
  const last: unknown = several && Array.isArray(result) ? result.at(-1) : result;
  return Array.isArray(last) ? last : [];
}

const accountName = ({ user }: Account): string => `${mysql.escape(user)}@'%'`;

/**
 * Starts a server of its own for one test. `options`: beside the usual ones. `superuser`: the one of a cluster that it
 * joins.
 */
export function startMariadb(
  options: readonly string[] = [],
  superuser: Account = newSuperuser('admin'),
): Promise<PrivateServer> {
  return startServer({
    kind: 'mariadb',
    client: mariadbClient,
    superuser,
    programs: {
      dump: requireProgram('mariadb-dump'),
      client: requireProgram('mariadb'),
    },
    // Its orderly shutdown takes seconds, for data nobody will read again.
    stopSignal: 'KILL',
    initialise: async (folder) => {
      await initialise(folder, superuser);
      return requireProgram('mariadbd');
    },
    arguments: (folder, port, { caFile, certificateFile, keyFile }) => [
      ...['--no-defaults', `--datadir=${dataFolder(folder)}`, `--init-file=${accountsFile(folder)}`],
      ...['--bind-address=127.0.0.1', `--port=${port}`, `--socket=${socket(folder)}`, '--skip-name-resolve'],
      ...[`--pid-file=${join(folder, 'mariadbd.pid')}`, `--tmpdir=${folder}`],
      ...[`--ssl-ca=${caFile}`, `--ssl-cert=${certificateFile}`, `--ssl-key=${keyFile}`],
      // As Debian configures it; the built-in default is latin1.
      ...['--character-set-server=utf8mb4', '--collation-server=utf8mb4_general_ci'],
      ...['--innodb-buffer-pool-size=64M', '--innodb-log-file-size=32M'],
      ...options,
    ],
    socket,
  });
}

const dataFolder = (folder: string): string => join(folder, 'data');
const accountsFile = (folder: string): string => join(folder, 'accounts.sql');
const socket = (folder: string): string => join(folder, 'mariadb.sock');

async function initialise(folder: string, superuser: Account): Promise<void> {
  // The installed root accounts (localhost, 127.0.0.1, ::1, the machine's name) have no password. The server runs this
  // file before it accepts connections, at every start.
  const accounts = [
    "DELETE FROM mysql.global_priv WHERE User = 'root'",
    'FLUSH PRIVILEGES',
    `CREATE USER IF NOT EXISTS ${accountName(superuser)} IDENTIFIED BY ${mysql.escape(superuser.password)}`,
    `GRANT ALL PRIVILEGES ON *.* TO ${accountName(superuser)} WITH GRANT OPTION`,
  ];
  await writeFile(accountsFile(folder), `${accounts.join(';\n')};\n`, {
    mode: 0o600,
  });
  giveToServer(accountsFile(folder));
  await runAsServer(
    requireProgram('mariadb-install-db'),
    ['--no-defaults', `--datadir=${dataFolder(folder)}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    folder,
  );
}
