// A database of PostgreSQL to be thrown away, and a role that owns it and has no right anywhere else.
import type { SchemaObject } from '../../../shared/model/snapshot.ts';
import { ServerFault, type Session } from '../../engine/ports.ts';
import { selfActing } from '../content/compareContent.ts';
import type { CopyMaker, CopyRequest } from '../copies/copyMaker.ts';
import { majorOf } from '../version.ts';
import { createLike } from './restore/properties.ts';
import { scramVerifier } from './scramVerifier.ts';

export const postgresCopies: CopyMaker = { makeLogin, makeDatabase, prepare, remove };

/** A pg_restore of several connections and a rehearsal with its second one. */
const CONNECTIONS = 16;

const FORCE_SINCE = 13;

async function makeLogin({ session, dialect, name }: CopyRequest, password: string): Promise<void> {
  const role = dialect.quoteIdentifier(name);
  await session.query(
    `CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT CONNECTION LIMIT ${CONNECTIONS} PASSWORD ${dialect.quoteLiteral(scramVerifier(password))}`,
  );
  // Only a member may give a database away to a role; a superuser is one of all.
  const [facts] = await session.query('SELECT rolsuper AS super FROM pg_catalog.pg_roles WHERE rolname = current_user');
  if (facts?.['super'] !== true) await session.query(`GRANT ${role} TO CURRENT_USER`);
}

async function makeDatabase(request: CopyRequest): Promise<void> {
  const { session, dialect, name, isolated } = request;
  const database = dialect.quoteIdentifier(name);
  await session.query(await creation(request));
  await session.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  if (isolated) await session.query(`GRANT CREATE, CONNECT, TEMPORARY ON DATABASE ${database} TO ${database}`);
}

async function creation({ session, dialect, name, isolated, content, sameServer }: CopyRequest): Promise<string> {
  const { quoteIdentifier, quoteLiteral } = dialect;
  const owner = isolated ? name : null;
  const facts = content?.database ?? {};
  if (sameServer || facts['encoding'] === undefined) return createLike(session, name, dialect, owner);
  const { encoding, collate = 'C', ctype = 'C' } = facts;
  return `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ENCODING ${quoteLiteral(encoding)} LC_COLLATE ${quoteLiteral(collate)} LC_CTYPE ${quoteLiteral(ctype)}${
    owner === null ? '' : ` OWNER ${quoteIdentifier(owner)}`
  }`;
}

/** `inside`: on the new database, with the account that made it. */
async function prepare(request: CopyRequest, inside: Session): Promise<string[]> {
  const { dialect, name, isolated, content } = request;
  const owner = dialect.quoteIdentifier(name);
  const objects = content?.schema ?? [];
  if (isolated) await orRefused(inside, `ALTER SCHEMA public OWNER TO ${owner}`);
  for (const extension of objects.filter(({ kind }) => kind === 'extension')) await addExtension(inside, extension);
  for (const server of objects.filter(({ kind }) => kind === 'foreignServer')) {
    // Without options and user mappings it leads nowhere; what refers to it can be made all the same.
    await inside.query(
      `CREATE SERVER ${server.name} FOREIGN DATA WRAPPER ${dialect.quoteIdentifier(server.facts['wrapper'] ?? '')}`,
    );
    if (isolated) await inside.query(`GRANT USAGE ON FOREIGN SERVER ${server.name} TO ${owner}`);
  }
  return leftOut(objects, isolated ? await elsewhere(request) : []);
}

async function addExtension(inside: Session, { name, facts }: SchemaObject): Promise<void> {
  if (selfActing.has(name)) return;
  const schema = facts['schema'] ?? 'public';
  if (schema !== 'pg_catalog') await inside.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await inside.query(`CREATE EXTENSION IF NOT EXISTS ${name} WITH SCHEMA ${schema}`);
}

/** Databases that let everybody in; what the role finds there is what everybody finds. */
async function elsewhere({ session, name }: CopyRequest): Promise<string[]> {
  const rows = await session.query(
    'SELECT datname AS name FROM pg_catalog.pg_database WHERE datallowconn AND NOT datistemplate AND datname <> $1 AND has_database_privilege($1, oid, $2) ORDER BY 1',
    [name, 'CONNECT'],
  );
  return rows.map((row) => String(row['name']));
}

function leftOut(objects: readonly SchemaObject[], open: readonly string[]): string[] {
  const some = (kind: SchemaObject['kind']) => objects.some((object) => object.kind === kind);
  const acting = objects.filter(({ kind, name }) => kind === 'extension' && selfActing.has(name));
  return [
    'Owners, access rights and default rights',
    'Subscriptions',
    ...(some('publication') ? ['Publications'] : []),
    ...(some('eventTrigger') ? ['Event triggers'] : []),
    ...(some('foreignServer') ? ['Options and user mappings of foreign servers'] : []),
    ...acting.map(({ name }) => `The extension ${name}, which acts by itself`),
    ...(open.length === 0
      ? []
      : [
          `Closing ${open.slice(0, 5).join(', ')}${open.length > 5 ? ' …' : ''} to the copy’s login: everybody may connect there, with the rights everybody has`,
        ]),
  ];
}

async function orRefused(session: Session, sql: string): Promise<void> {
  try {
    await session.query(sql);
  } catch (error) {
    // Before PostgreSQL 15 everybody may create in it anyway.
    if (!(error instanceof ServerFault) || error.kind !== 'rights') throw error;
  }
}

async function remove(session: Session, name: string): Promise<void> {
  const quoted = `"${name}"`;
  if (majorOf(session.identity.version) >= FORCE_SINCE) {
    await session.query(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`);
  } else {
    await session.query('SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1', [name]);
    await session.query(`DROP DATABASE IF EXISTS ${quoted}`);
  }
  // Whoever may make no roles may not ask to drop one that is not there either.
  const [role] = await session.query('SELECT 1 AS found FROM pg_catalog.pg_roles WHERE rolname = $1', [name]);
  if (role !== undefined) await session.query(`DROP ROLE ${quoted}`);
}
