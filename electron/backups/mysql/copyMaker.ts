// A database of MySQL or MariaDB to be thrown away, and an account that has rights on it alone.
import { createHash } from 'node:crypto';
import { ServerFault, type Session } from '../../engine/ports.ts';
import type { CopyMaker, CopyRequest } from '../copies/copyMaker.ts';
import { quoteName } from './catalogue.ts';
import { encodingOf } from './restore/keptRecord.ts';

export const mysqlCopies: CopyMaker = { makeLogin, makeDatabase, prepare, remove };

/** `password`: of letters, digits, - and _. */
async function makeLogin({ session, name }: CopyRequest, password: string): Promise<void> {
  const account = await accountFrom(session, name);
  // MySQL keeps passwords out of its logs by itself (dev.mysql.com/doc/refman/8.4/en/password-logging.html).
  const secret = session.identity.product === 'MySQL' ? `'${password}'` : `PASSWORD '${nativeHash(password)}'`;
  await session.query(`CREATE USER ${account} IDENTIFIED BY ${secret}`);
  // An underscore stands for any sign in grants.
  await session.query(`GRANT ALL PRIVILEGES ON ${quoteName(name.replace(/[\\_%]/g, '\\$&'))}.* TO ${account}`);
}

/** What the server keeps of a password. */
function nativeHash(password: string): string {
  const once = createHash('sha1').update(password).digest();
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
}

/** From where this session comes: an anonymous account of that host would come before one of any host. */
async function accountFrom(session: Session, name: string): Promise<string> {
  const [row] = await session.query("SELECT SUBSTRING_INDEX(USER(), '@', -1) AS host");
  return `${quoteName(name)}@${quoteName(String(row?.['host']))}`;
}

async function makeDatabase({ session, name, content, sameServer }: CopyRequest): Promise<void> {
  const { characters, collation } = content?.database ?? {};
  const known = characters !== undefined && collation !== undefined && /^\w+$/.test(characters + collation);
  const encoding =
    sameServer || !known ? await encodingOf(session) : `CHARACTER SET ${characters} COLLATE ${collation}`;
  await session.query(`CREATE DATABASE ${quoteName(name)} ${encoding}`);
}

async function prepare({ isolated, content }: CopyRequest): Promise<string[]> {
  const events = content?.schema.some(({ kind }) => kind === 'event') === true;
  return [
    ...(isolated ? ['With whose rights views and stored programs run (DEFINER)'] : []),
    ...(events ? ['Whether events are enabled: on the copy none runs'] : []),
  ];
}

async function remove(session: Session, name: string): Promise<void> {
  await session.query(`DROP DATABASE IF EXISTS ${quoteName(name)}`);
  try {
    await session.query(`DROP USER IF EXISTS ${await accountFrom(session, name)}`);
  } catch (error) {
    // Whoever may make no accounts has made none, and may not look whether there is one.
    if (!(error instanceof ServerFault) || error.kind !== 'rights') throw error;
  }
}
