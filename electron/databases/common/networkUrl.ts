// The parts of `scheme://user:password@host:port/database?name=value`, read strictly and told without the password.
import { raise } from '../../../shared/problem.ts';

export interface NetworkUrl {
  /** Empty where the URL leaves it out; IPv6 without brackets. */
  readonly host: string;
  readonly port: number | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly database: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const form =
  /^[a-z][a-z0-9+:]*:\/\/(?:(?<userinfo>[^@/?#]*)@)?(?<host>\[[^\]]*\]|[^:/?#@]*)(?::(?<port>[^/?#@]*))?(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/i;

/** @throws {ProblemError} `environment.invalidUrl` */
export function readNetworkUrl(url: string): NetworkUrl {
  const parts = form.exec(url.trim())?.groups ?? refuseForm(url);
  // A slash in a password ends the host too early.
  if (parts['userinfo'] === undefined && parts['path']?.includes('@')) refuseForm(url);
  const [user, password] = splitOnce(parts['userinfo'] ?? '', ':');
  const host = decode(parts['host'] ?? '', 'host').replace(/^\[(.*)\]$/, '$1');
  if (host.includes(',') || (parts['port'] ?? '').includes(',')) severalHosts();
  return {
    host,
    port: readPort(parts['port'] ?? ''),
    user: user === '' ? null : decode(user, 'user'),
    password: password === null ? null : decode(password, 'password'),
    database: decode(parts['path'] ?? '', 'database'),
    parameters: readParameters(parts['query'] ?? ''),
  };
}

/** Nobody who reads the message learns the password: the text itself is not repeated. */
export function invalidUrl(message: string, hint: string): never {
  return raise({ code: 'environment.invalidUrl', message, hint });
}

export const severalHosts = (): never =>
  invalidUrl(
    'The URL names several hosts.',
    'Name the one server that accepts writes; Lockkeeper must know which database it changes.',
  );

export function readPort(text: string): number | null {
  if (text === '') return null;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  return invalidUrl(
    'The URL’s port is not a number from 1 to 65535.',
    'Write it as host:port; special characters of a password must be percent-encoded.',
  );
}

function refuseForm(url: string): never {
  const rest = url.slice(url.indexOf('://') + 3);
  if (rest.includes('@')) {
    return invalidUrl(
      'The URL’s user or password holds a character that has a meaning in URLs.',
      'Percent-encode it: @ is %40, / is %2F, ? is %3F, # is %23, : is %3A.',
    );
  }
  return invalidUrl(
    'The URL is not of the form scheme://user@host:port/database.',
    'For example: postgres://deploy@db.example.org:5432/shop',
  );
}

function readParameters(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const [name, value] = splitOnce(pair, '=');
    parameters.set(decode(name, 'parameters'), decode(value ?? '', 'parameters'));
  }
  return parameters;
}

/** Percent-encoding only: a plus sign stands for itself, as in libpq. */
function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return invalidUrl(`The URL’s ${part} is not percent-encoded correctly.`, 'A percent sign itself is written %25.');
  }
}

function splitOnce(text: string, separator: string): [string, string | null] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + separator.length)];
}
