/** A database of our own beside the connection's, for tests. */
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { Session } from '../../engine/ports.ts';
import type { SessionOptions } from '../driver.ts';
import type { ScratchDatabase, ScratchDatabases } from '../scratch.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { dialect } from './dialect.ts';
import { postgresLexicon } from './lexicon.ts';

const { quoteIdentifier, quoteLiteral } = dialect;

export const postgresScratch: ScratchDatabases<NetworkConnection> = {
  create,
  leaves,
  ownNumbers: 'OVERRIDING SYSTEM VALUE',
  copyNumbers,
};

async function create(
  connection: NetworkConnection,
  given: SessionOptions,
  name: string,
): Promise<ScratchDatabase<NetworkConnection>> {
  const options = { ...given, readOnly: false };
  await within(connection, options, async (session) => {
    const [own] = await session.query(
      'SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collation, datctype AS type FROM pg_database WHERE datname = current_database()',
    );
    const text = (value: unknown) => quoteLiteral(String(value));
    await session.query(
      `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ENCODING ${text(own?.['encoding'])} LC_COLLATE ${text(own?.['collation'])} LC_CTYPE ${text(own?.['type'])}`,
    );
  });
  const scratch: ScratchDatabase<NetworkConnection> = {
    name,
    connection: { ...connection, database: name },
    drop: () =>
      within(connection, options, async (session) => {
        // FORCE came with PostgreSQL 13; our own sessions in it are closed by now.
        await session.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
      }),
  };
  try {
    await makeSchemas(scratch.connection, options);
  } catch (thrown) {
    await scratch.drop();
    throw thrown;
  }
  return scratch;
}

async function copyNumbers(from: Session, to: Session): Promise<void> {
  const used = await from.query(
    'SELECT schemaname AS schema, sequencename AS name, last_value::text AS value FROM pg_sequences WHERE last_value IS NOT NULL',
  );
  for (const { schema, name, value } of used) {
    const sequence = quoteLiteral(dialect.quoteTable({ schema: String(schema), name: String(name) }));
    await to.query(`SELECT setval(to_regclass(${sequence}), $1::bigint) WHERE to_regclass(${sequence}) IS NOT NULL`, [
      String(value),
    ]);
  }
}

/** What the connection's search path names is there in the real database. */
async function makeSchemas(connection: NetworkConnection, options: SessionOptions): Promise<void> {
  const names = (connection.searchPath ?? '').split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  const wanted = names.filter(
    (name) => name !== '' && name !== '$user' && name !== 'public' && !name.startsWith('pg_'),
  );
  if (wanted.length === 0) return;
  await within(connection, options, async (session) => {
    for (const name of wanted) await session.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(name)}`);
  });
}

async function within(
  connection: NetworkConnection,
  options: SessionOptions,
  use: (session: Session) => Promise<void>,
): Promise<void> {
  const { connect } = await import('./connect.ts');
  const session = await connect(connection, options);
  try {
    await use(session);
  } finally {
    await session.close();
  }
}

/** Bodies of functions and DO blocks are looked into as well: each is one token as written. */
const beyond: readonly (readonly [RegExp, string])[] = [
  [/\b(?:CREATE|ALTER|DROP)\s+(?:ROLE|GROUP|DATABASE|TABLESPACE|SUBSCRIPTION)\b/i, 'changes the whole server'],
  [/\b(?:CREATE|ALTER|DROP)\s+USER\b(?!\s+MAPPING)/i, 'changes the accounts of the whole server'],
  [/\bALTER\s+SYSTEM\b/i, 'changes the settings of the whole server'],
  [/\b(?:REASSIGN|DROP)\s+OWNED\b/i, 'changes what a role owns'],
  [/^\s*(?:GRANT|REVOKE)\b(?:(?!\bON\b)[\s\S])*$/i, 'changes the membership of roles'],
  [/\bPROGRAM\s+E?'/i, 'runs a program on the server'],
  [/^\s*COPY\b[\s\S]*\b(?:FROM|TO)\s+E?'/i, 'reads or writes a file of the server'],
  [/\b(?:CREATE|ALTER)\s+(?:SERVER|USER\s+MAPPING|FOREIGN\s+TABLE)\b|\bIMPORT\s+FOREIGN\b/i, 'reaches another server'],
  [/\b(?:dblink\w*|postgres_fdw|file_fdw|pg_cron)\b/i, 'reaches beyond the database'],
  [
    /\blo_(?:import|export)\b|\bpg_(?:read_(?:binary_)?file|ls_dir|file_write|terminate_backend|cancel_backend|reload_conf|rotate_logfile)\b/i,
    'acts on the server itself',
  ],
  [
    /\bLANGUAGE\s+'?(?:c|internal|plpython3?u|plperlu|pltclu|plsh)\b/i,
    'makes a function that may do anything on the server',
  ],
  [/^\s*LOAD\b/i, 'loads a library into the server'],
];

function leaves(statement: string): string | null {
  const text = tokensOf(postgresLexicon, statement).join(' ');
  return beyond.find(([form]) => form.test(text))?.[1] ?? null;
}
