/** The databases that a `.env` file names: by a URL, or by variables of one beginning (`DB_HOST`, `DB_USER` …). */
import { parseConnection } from '../parseConnection.ts';
import { connectionOf, engineOf, fieldsOf } from '../pasted/fields.ts';
import { type FoundConnection, found, passedOver, placeName } from './found.ts';

const url =
  /^(?:(?:jdbc:)?(?:postgres(?:ql)?|postgis|pgsql|mysql2?|mariadb)(?:\+\w+)?:\/\/|jdbc:sqlite:|sqlite3?:|file:\S+\.(?:db|sqlite3?)\b)/i;
const variable =
  /^(.*?)_?(HOST|HOSTNAME|SERVER|PORT|SOCKET|DATABASE|DBNAME|DB|NAME|USER|USERNAME|PASSWORD|PASS|CONNECTION|DIALECT|DRIVER|ADAPTER|ENGINE|SSLMODE|SCHEMA)$/i;

export function connectionsOfEnv(text: string): FoundConnection[] {
  const values = readEnv(text);
  const urls = [...values].flatMap(([name, value]) => (url.test(value) ? [fromUrl(name, value)] : []));
  return [...urls, ...fromVariables(values)];
}

const fromUrl = (name: string, value: string): FoundConnection =>
  value.includes('${')
    ? passedOver(name, 'it is made of other values that the file does not hold')
    : named(name, () => parseConnection(value));

function named(what: string, read: Parameters<typeof found>[1]): FoundConnection {
  const one = found({ name: what, what }, read);
  return one.kind === 'connection' ? { ...one, name: placeName(one.connection).slice(0, 100) } : one;
}

function fromVariables(values: ReadonlyMap<string, string>): FoundConnection[] {
  const groups = new Map<string, [string, string][]>();
  for (const [name, value] of values) {
    const [, beginning, rest] = variable.exec(name) ?? [];
    if (beginning === undefined || rest === undefined) continue;
    groups.set(beginning, [...(groups.get(beginning) ?? []), [rest, value]]);
  }
  return [...groups].flatMap(([beginning, pairs]) => {
    const fields = fieldsOf(pairs);
    if (fields.database === undefined || (fields.host ?? fields.socket) === undefined) return [];
    const engine = engineOf({ ...fields, engine: fields.engine ?? beginning });
    return [
      engine === null
        ? passedOver(`${beginning}_HOST`, 'nothing tells which database it is')
        : named(beginning, () => connectionOf(fields, engine)),
    ];
  });
}

/** As Docker and dotenv read it: quotes, comments, `export`, and `${NAME}` of the same file. */
export function readEnv(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, written = ''] = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) values.set(name, readValue(written, values));
  }
  return values;
}

function readValue(written: string, values: ReadonlyMap<string, string>): string {
  const single = /^'([^']*)'/.exec(written)?.[1];
  if (single !== undefined) return single;
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(written)?.[1];
  return expanded(double?.replace(/\\(["\\$])/g, '$1') ?? written.replace(/\s#.*$/, '').trim(), values);
}

/** Longer ones hold nothing of ours: looking for variables in them would take long. */
const mostExpanded = 4096;

/** `${NAME}`, `${NAME:-otherwise}`, `$NAME`; what is not known stays as it is written. */
export const expanded = (text: string, values: ReadonlyMap<string, string>): string =>
  text.length > mostExpanded
    ? text
    : text.replace(
        /\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))/g,
        (written: string, braced?: string, otherwise?: string, bare?: string) =>
          values.get(braced ?? bare ?? '') ?? otherwise ?? (braced === undefined ? written : `\${${braced}}`),
      );
