/** Fields from whatever a person has at hand: a URL, a driver's string, a piece of a settings file. */
import type { ParsedConnection } from '../../shared/contract/views.ts';
import { ProblemError, raise } from '../../shared/problem.ts';
import { driverForUrl } from '../databases/registry.ts';
import { connectionOf, engineOf, fieldsOf, sqliteConnection } from './pasted/fields.ts';
import { semicolonPairs, settingPairs, withoutPrefix } from './pasted/pairs.ts';
import { encodedPassword, goUrl, plainUrl, unwrapped } from './pasted/urlForms.ts';

/** @throws {ProblemError} `environment.invalidUrl`; nothing of the text is in it, as any part may be a password */
export function parseConnection(pasted: string): ParsedConnection {
  const text = unwrapped(pasted);
  const go = goUrl(text);
  if (go !== null) return fromUrl(go);
  // PHP's PDO: a scheme before pairs.
  const [, scheme, rest = ''] = /^(pgsql|mysql):(?!\/\/)([\s\S]*)$/i.exec(text) ?? [];
  if (scheme !== undefined) return fromPairs([['driver', scheme], ...semicolonPairs(rest)]);
  if (/^(?:[a-z][a-z0-9+.]+:\/\/|(?:jdbc|sqlite3?|file):)/i.test(text)) return fromUrl(plainUrl(text));
  if (isFile(text)) return sqliteConnection(text);
  if (/^\s*(?:host|hostaddr|dbname|user|port|service|sslmode|password)\s*=\s*[^;]*$/.test(text) && !text.includes('\n'))
    return driverForUrl(`host=localhost ${text}`).parseUrl(text);
  const oneLine = !text.includes('\n') && (text.includes(';') || /^[A-Za-z ]+=[^=]*$/.test(text));
  const pairs = oneLine ? semicolonPairs(text) : withoutPrefix(settingPairs(text));
  if (pairs.length > 0) return fromPairs(pairs);
  // Says which forms there are.
  return driverForUrl(text).parseUrl(text);
}

function fromUrl(url: string): ParsedConnection {
  try {
    return driverForUrl(url).parseUrl(url);
  } catch (thrown) {
    const again = thrown instanceof ProblemError ? encodedPassword(url) : null;
    if (again === null) throw thrown;
    return orThrow(thrown, () => driverForUrl(again).parseUrl(again));
  }
}

/** What was said of the text as it stands is more useful than what is wrong with our reading of it. */
function orThrow<T>(first: unknown, attempt: () => T): T {
  try {
    return attempt();
  } catch {
    throw first;
  }
}

const isFile = (text: string): boolean =>
  !/[\n;=]/.test(text) && (/\.(?:db3?|sqlite3?|s3db|sl3)$/i.test(text) || /^(?:\/|~\/|\.\.?\/|[A-Za-z]:\\)/.test(text));

function fromPairs(pairs: readonly (readonly [string, string])[]): ParsedConnection {
  const url = pairs.find(([, value]) => /^(?:[a-z][a-z0-9+]*:\/\/|jdbc:)/i.test(value))?.[1];
  if (url !== undefined) return fromUrl(plainUrl(url));
  const fields = fieldsOf(pairs);
  const file = fields.host === undefined || fields.user !== undefined ? null : fields.host;
  if (fields.engine === undefined && file !== null && isFile(file)) return sqliteConnection(file);
  return connectionOf(fields, engineOf(fields) ?? engineByNames(pairs) ?? unknownEngine());
}

/** Npgsql's own names, against those of MySQL's Connector/NET; other strings look alike. */
function engineByNames(pairs: readonly (readonly [string, string])[]): 'postgres' | 'mysql' | null {
  const has = (...names: string[]): boolean =>
    pairs.some(([name]) => names.includes(name.toLowerCase().replace(/[\s_]/g, '')));
  if (has('trustedconnection', 'integratedsecurity', 'initialcatalog', 'trustservercertificate') && !has('username'))
    return null;
  if (has('host') && has('username')) return 'postgres';
  return has('server') && has('uid', 'pwd') ? 'mysql' : null;
}

const unknownEngine = (): never =>
  raise({
    code: 'environment.invalidUrl',
    message: 'The text does not tell whether it is PostgreSQL, MySQL, MariaDB or SQLite.',
    hint: 'Add the port, such as Port=5432 or Port=3306, or paste a URL: postgres://user@host/database.',
  });
