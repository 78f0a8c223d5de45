/** Values of a query as literals in its text, written as each engine's usual driver sends them. */
import type { EngineId } from '../../../../../shared/model/environment.ts';

export function literal(engine: EngineId, value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  switch (engine) {
    case 'postgres':
      return postgresLiteral(value);
    case 'mysql':
      return mysqlLiteral(value);
    case 'sqlite':
      return sqliteLiteral(value);
  }
}

/** Untyped, as a parameter of the driver would be: the server infers the type from its place. */
function postgresLiteral(value: unknown): string {
  const text = postgresText(value);
  const doubled = withoutNull(text).replaceAll("'", "''");
  return doubled.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}

function postgresText(value: unknown): string {
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return `\\x${hexOf(value)}`;
  if (value instanceof Date) return localTime(value, 'T', true);
  if (Array.isArray(value)) return postgresArray(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const own: unknown = Reflect.get(value, 'toPostgres');
  return typeof own === 'function' ? postgresText(own.call(value, postgresText)) : JSON.stringify(value);
}

function postgresArray(list: readonly unknown[]): string {
  const items = list.map((item) => {
    if (item === null || item === undefined) return 'NULL';
    if (Array.isArray(item)) return postgresArray(item);
    return `"${postgresText(item).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  });
  return `{${items.join(',')}}`;
}

function mysqlLiteral(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return `'${localTime(value, ' ', false)}'`;
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return `X'${hexOf(value)}'`;
  if (Array.isArray(value))
    return value.map((item) => (Array.isArray(item) ? `(${mysqlLiteral(item)})` : literal('mysql', item))).join(', ');
  if (typeof value !== 'object' || value === null) return mysqlText(String(value));
  const raw: unknown = Reflect.get(value, 'toSqlString');
  if (typeof raw === 'function') return String(raw.call(value));
  return mysqlText(JSON.stringify(value));
}

const mysqlEscapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\u001a': '\\Z',
  "'": "\\'",
  '"': '\\"',
  '\\': '\\\\',
};

const mysqlText = (text: string): string =>
  `'${text.replace(/[\0\n\r\u001a'"\\]/g, (character) => mysqlEscapes[character] ?? character)}'`;

function sqliteLiteral(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'NULL';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Date) return String(value.getTime());
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return `X'${hexOf(value)}'`;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `'${withoutNull(text).replaceAll("'", "''")}'`;
}

function withoutNull(text: string): string {
  if (text.includes('\0')) throw new TypeError('A text with a NUL character cannot be stored.');
  return text;
}

const hexOf = (bytes: ArrayBufferView): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** `2026-01-31T23:59:59.123+01:00`: the drivers write the time of the process's own zone. */
function localTime(date: Date, between: string, withZone: boolean): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  if (!withZone) return day + between + time;
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return day + between + time + zone;
}
