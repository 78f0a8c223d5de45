/** URLs of many libraries, made into those that our drivers read. */

/** What stands around a URL in a shell, a settings file or a message. */
export function unwrapped(text: string): string {
  let inner = text.trim();
  // `export DATABASE_URL=…`, `url: …`, `psql "…"`
  const assigned =
    /^(?:export\s+|set\s+)?[A-Za-z_][\w.-]*\s*[:=]\s*(?=["'`]?[a-z][a-z0-9+.]*:)(?!\s*\/\/)([\s\S]+)$/.exec(inner)?.[1];
  if (
    assigned !== undefined &&
    !/^[a-z0-9+]+:\/\//i.test(inner) &&
    !/^(?:jdbc|sqlite3?|file|mysql|pgsql):/i.test(inner)
  )
    inner = assigned.trim();
  inner = inner.replace(/^(?:psql|mysql|mariadb)\s+(?=["']?[a-z0-9+]+:\/\/)/i, '').replace(/[;,]+$/, '');
  const quoted = /^(["'`<])([\s\S]*)(["'`>])$/.exec(inner);
  return (quoted?.[2] ?? inner).trim();
}

/** Scheme in use somewhere, by ours. */
const schemes: readonly (readonly [pattern: RegExp, scheme: string])[] = [
  [/^(?:postgres(?:ql)?|postgis|pgsql|psql)$/i, 'postgres'],
  [/^(?:mysql2?|mysqli|mariadb)$/i, 'mysql'],
  [/^(?:sqlite3?)$/i, 'sqlite'],
];

const postgresParameters =
  /^(?:host|port|user|password|dbname|sslmode|ssl|sslrootcert|sslcert|sslkey|options|search_path|currentSchema|schema|sslMode|sslRootCert|ssl_ca)$/;

/** SQLAlchemy's `postgresql+psycopg2://`, `jdbc:` and `r2dbc:` forms, Rails' and Django's schemes. Others come back as they are. */
export function plainUrl(text: string): string {
  const jdbc = /^(?:jdbc|r2dbc):/i.test(text);
  const bare = text.replace(/^(?:jdbc|r2dbc):(?:pool:)?(?=postgresql|mysql|mariadb)/i, '');
  // pgjdbc: jdbc:postgresql:database and jdbc:postgresql:/
  const local = /^postgresql:(?!\/\/)\/?([^/?]*)(\?.*)?$/i.exec(bare);
  if (jdbc && local !== null) return `postgres://localhost/${local[1] ?? ''}${withoutUnknown(local[2] ?? '')}`;
  const parts = /^([a-z0-9]+)(?:[+:]([a-z0-9_+:]+))?:\/\/([\s\S]*)$/i.exec(bare);
  const scheme = schemes.find(([pattern]) => pattern.test(parts?.[1] ?? ''))?.[1];
  if (parts === null || scheme === undefined) return text;
  const rest = parts[3] ?? '';
  if (scheme !== 'postgres' || (!jdbc && parts[2] === undefined)) return `${scheme}://${rest}`;
  return `${scheme}://${rest.replace(/\?[\s\S]*$/, withoutUnknown)}`;
}

/** What a library's own parameters say is not about which database it is. */
function withoutUnknown(query: string): string {
  const kept = query
    .slice(1)
    .split('&')
    .filter((pair) => postgresParameters.test(pair.replace(/=.*$/s, '')));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** The same URL with its password percent-encoded, for one that was not; null where there is no other way to read it. */
export function encodedPassword(url: string): string | null {
  const parts = /^([a-z0-9+]+:\/\/)([^:/@?#]+):([\s\S]+)@([^@\s]+)$/i.exec(url);
  if (parts === null) return null;
  const [, scheme = '', user = '', password = '', rest = ''] = parts;
  return `${scheme}${user}:${encodeURIComponent(password)}@${rest}`;
}

/** Go's `user:password@tcp(host:port)/database?…` as a URL; null for anything else. */
export function goUrl(text: string): string | null {
  const parts = /^(?:([^:@/]*)(?::([\s\S]*))?@)?(tcp6?|unix)\(([^)]*)\)\/([^?]*)(\?.*)?$/.exec(text);
  if (parts === null) return null;
  const [, user = '', password, net, address = '', database = '', query = ''] = parts;
  const login =
    user === ''
      ? ''
      : `${encodeURIComponent(user)}${password === undefined ? '' : `:${encodeURIComponent(password)}`}@`;
  const parameters = [
    ...(net === 'unix' ? [`socket=${encodeURIComponent(address)}`] : []),
    ...(query === '' ? [] : [query.slice(1)]),
  ];
  const place = net === 'unix' ? 'localhost' : address;
  return `mysql://${login}${place}/${database}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
}
