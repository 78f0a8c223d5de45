/** A database of our own beside the connection's, for tests. */
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { Session } from '../../engine/ports.ts';
import type { SessionOptions } from '../driver.ts';
import type { ScratchDatabase, ScratchDatabases } from '../scratch.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { tablesOf } from './classify.ts';
import { mysqlDialect } from './dialect.ts';
import { mysqlLexicon } from './lexicon.ts';

const { quoteIdentifier, quoteLiteral } = mysqlDialect;

export const mysqlScratch: ScratchDatabases<NetworkConnection> = {
  create,
  leaves,
  // Whatever its name is: that of a database, and the copy has another.
  home: '',
  // The server's scheduler would run them.
  inert: (statement) =>
    statement
      .replace(/ DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*`/, '')
      .replace(/^(\s*CREATE\b.*?\bEVENT\b[\s\S]*? ON COMPLETION (?:NOT )?PRESERVE) ENABLE\b/i, '$1 DISABLE'),
};

async function create(
  connection: NetworkConnection,
  given: SessionOptions,
  name: string,
): Promise<ScratchDatabase<NetworkConnection>> {
  const options = { ...given, readOnly: false };
  await within(connection, options, async (session) => {
    const [own] = await session.query(
      'SELECT DEFAULT_CHARACTER_SET_NAME AS characters, DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()',
    );
    const text = (value: unknown) => quoteLiteral(String(value));
    await session.query(
      `CREATE DATABASE ${quoteIdentifier(name)} CHARACTER SET ${text(own?.['characters'])} COLLATE ${text(own?.['collation'])}`,
    );
  });
  return {
    name,
    connection: { ...connection, database: name },
    drop: () =>
      within(connection, options, async (session) => {
        await session.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
      }),
  };
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

const beyond: readonly (readonly [RegExp, string])[] = [
  [/^\s*USE\b/i, 'goes to another database'],
  [/\b(?:CREATE|ALTER|DROP)\s+(?:DATABASE|SCHEMA)\b/i, 'makes or changes databases'],
  [/\b(?:CREATE|ALTER|DROP|RENAME)\s+(?:USER|ROLE|SERVER|TABLESPACE|LOGFILE)\b/i, 'changes the whole server'],
  [/^\s*(?:GRANT|REVOKE)\b|\bSET\s+PASSWORD\b/i, 'changes the rights of accounts'],
  [
    /\bSET\s+(?:GLOBAL|PERSIST|PERSIST_ONLY)\b|@\s*@\s*(?:GLOBAL|PERSIST)\b/i,
    'changes the settings of the whole server',
  ],
  [
    /^\s*(?:FLUSH|RESET|PURGE|CHANGE|START\s+(?:SLAVE|REPLICA)|STOP|INSTALL|UNINSTALL|KILL|SHUTDOWN|RESTART)\b/i,
    'acts on the server itself',
  ],
  [/\bLOAD\s+(?:DATA|XML)\b|\bINTO\s+(?:OUTFILE|DUMPFILE)\b|\bLOAD_FILE\b/i, 'reads or writes files'],
];

/** In bodies of routines, where the tables are not listed; NEW and OLD are a trigger's rows. */
const qualifiedInBody =
  /\b(?:FROM|JOIN|INTO|UPDATE|TABLE|CALL|REFERENCES)\s+(?!(?:NEW|OLD)\s|`?information_schema`?\s)(?:`(?:[^`]|``)+`|[\w$]+)\s\.\s/i;
const hasBody = /^\s*CREATE\b[\s\S]*?\b(?:PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE)\b/i;

/** The catalogue, which takes no writing. */
const onlyRead = /^`?information_schema`?\s*\./i;

function leaves(statement: string): string | null {
  const text = tokensOf(mysqlLexicon, statement).join(' ');
  const found = beyond.find(([form]) => form.test(text))?.[1];
  if (found !== undefined) return found;
  const qualified = tablesOf(statement).find(
    (name) => /^(?:`(?:[^`]|``)+`|[^`.]+)\s*\./.test(name) && !onlyRead.test(name),
  );
  if (qualified !== undefined) return `names another database (${qualified})`;
  return hasBody.test(text) && qualifiedInBody.test(text) ? 'names another database in its body' : null;
}
