/** The rungs of a connection test that an open session tells: TLS, login, database, rights. */
import type { Connection, NetworkConnection } from '../../shared/model/environment.ts';
import type { ConnectionCheck } from '../../shared/model/status.ts';
import type { Row, Session } from '../engine/ports.ts';
import { passed, warned } from './connectionRungs.ts';

export async function describeSession(session: Session, connection: Connection): Promise<ConnectionCheck[]> {
  const { identity } = session;
  const database = passed('database', `${identity.database} on ${identity.product} ${identity.version}`);
  if (connection.engine === 'sqlite')
    return [database, checkWrites(session) ?? passed('rights', 'the file accepts writes')];
  return [
    await checkTls(session, connection),
    passed('login', `logged in as ${identity.user}`),
    database,
    checkWrites(session) ?? (await checkRights(session, connection)),
  ];
}

const verification = {
  disable: '',
  prefer: 'whose server is not verified',
  require: 'whose server is not verified',
  'verify-ca': 'whose authority is verified',
  'verify-full': 'whose server is verified by name',
} as const;

async function checkTls(session: Session, connection: NetworkConnection): Promise<ConnectionCheck> {
  if (connection.host.startsWith('/')) return passed('tls', 'not needed: a local socket');
  const version = await tlsVersion(session, connection);
  if (version !== null) {
    const byFile = connection.tls === 'require' && connection.tlsAuthorityFile !== undefined;
    return passed('tls', `${version}, ${verification[byFile ? 'verify-ca' : connection.tls]}`);
  }
  if (connection.ssh !== undefined) return passed('tls', 'none; encrypted as far as the SSH server');
  if (connection.tls === 'disable') return warned('tls', 'switched off: everything is sent as it is');
  return warned('tls', 'the server offers none: everything is sent as it is');
}

async function tlsVersion(session: Session, { engine }: NetworkConnection): Promise<string | null> {
  const [row] = await session.query(
    engine === 'postgres'
      ? 'SELECT version FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid() AND ssl'
      : "SHOW SESSION STATUS LIKE 'Ssl_version'",
  );
  const version = row?.['version'] ?? row?.['Value'];
  return typeof version === 'string' && version !== '' ? version : null;
}

const checkWrites = ({ identity }: Session): ConnectionCheck | null =>
  identity.readOnly ? warned('rights', 'The server is read-only: status can be read, nothing can be migrated.') : null;

/** Whether the account may make tables; a hint only, as migrations may need less, or more. */
async function checkRights(session: Session, connection: NetworkConnection): Promise<ConnectionCheck> {
  const { user } = connection;
  if (connection.engine === 'postgres') {
    const [row] = await session.query(
      `SELECT current_schema() AS schema, coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS tables,
 has_database_privilege(current_database(), 'CREATE') AS schemas`,
    );
    return judgePostgres(row ?? {}, user);
  }
  const rows = await session.query(
    `SELECT PRIVILEGE_TYPE AS name FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = ${grantee}
 UNION SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES WHERE GRANTEE = ${grantee} AND DATABASE() LIKE TABLE_SCHEMA`,
  );
  const granted = new Set(rows.map((row) => String(row['name'])));
  const missing = ['CREATE', 'ALTER', 'DROP', 'INSERT'].filter((right) => !granted.has(right));
  if (missing.length === 0) return passed('rights', 'the account may make and change tables');
  return warned(
    'rights',
    `${user} is not granted ${missing.join(', ')} on this database itself (roles are not looked at): migrations that need it will fail.`,
  );
}

/** The account as information_schema writes it; its name may hold an @, its host does not. */
const grantee =
  "CONCAT('''', SUBSTRING(CURRENT_USER(), 1, CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')";

function judgePostgres({ schema, tables, schemas }: Row, user: string): ConnectionCheck {
  if (schema === null)
    return warned(
      'rights',
      `None of the schemas in the search path exists or may be used by ${user}: GRANT USAGE, or set the search path.`,
    );
  if (tables !== true)
    return warned(
      'rights',
      `${user} may not make tables in the schema ${String(schema)}: GRANT CREATE ON SCHEMA ${String(schema)} TO ${user}.`,
    );
  return passed('rights', `the account may make tables in ${String(schema)}${schemas === true ? ', and schemas' : ''}`);
}
