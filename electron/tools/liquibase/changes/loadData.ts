/** Rows from a file of comma separated values (change/core/LoadDataChange.java), as literals rather than parameters. */
import type { SetChange } from '../model.ts';
import { booleanIn, type ChangeNode, childrenOf, textIn } from '../node.ts';
import { truth } from './columns.ts';
import { functionText, literal, qualified, quoted, type SqlTarget, Untranslatable } from './names.ts';
import type { ReadText } from './written.ts';

interface LoadedColumn {
  readonly name: string;
  readonly header: string;
  /** In upper case; null: as the text looks. */
  readonly type: string | null;
}

/** @throws {Untranslatable} */
export function loadData(node: ChangeNode, read: ReadText): SetChange {
  const file = textIn(node, 'file') ?? '';
  const table = textIn(node, 'tableName') ?? '';
  const known = new Set([
    'file',
    'tableName',
    'schemaName',
    'catalogName',
    'separator',
    'quotchar',
    'relativeToChangelogFile',
    'encoding',
    'usePreparedStatements',
    'column',
    'columns',
  ]);
  const stranger = node.children.find(({ name }) => !known.has(name));
  if (stranger !== undefined) throw new Untranslatable(`its field “${stranger.name}” is not known here`);
  if (file === '' || table === '') throw new Untranslatable('it needs “file” and “tableName”');
  if (!/^(?:utf-?8)?$/i.test(textIn(node, 'encoding') ?? ''))
    throw new Untranslatable('files in another encoding than UTF-8 are not supported');
  const text = read(file, booleanIn(node, 'relativeToChangelogFile') === true);
  const place = { schema: textIn(node, 'schemaName'), catalog: textIn(node, 'catalogName') };
  const separator = textIn(node, 'separator') ?? ',';
  const quote = textIn(node, 'quotchar') ?? '"';
  if (separator.length !== 1 || quote.length !== 1)
    throw new Untranslatable('separator and quotchar are one character each');
  const [headers = [], ...rows] = parseRows(text, separator, quote);
  const columns = columnsFor(node, headers);
  return {
    type: 'loadData',
    description: `loadData tableName=${table}`,
    dbms: null,
    // What Liquibase hashes of the file is not proven here.
    checksum: null,
    up: (target) =>
      inserts(qualified(table, place, target), columns, rows, target).map((sql) => ({ sql, line: node.line })),
    down: () => null,
  };
}

function columnsFor(node: ChangeNode, headers: readonly string[]): (LoadedColumn | null)[] {
  const lists = childrenOf(node, 'columns').flatMap((list) => childrenOf(list, 'column'));
  const given = [...lists, ...childrenOf(node, 'column')];
  for (const column of given) {
    const odd = column.children.find(({ name }) => !['name', 'header', 'type', 'index'].includes(name));
    if (odd !== undefined) throw new Untranslatable(`a column has “${odd.name}”, which is not known here`);
    if (textIn(column, 'index') !== null) throw new Untranslatable('columns by index are not supported');
  }
  return headers.map((written) => {
    const header = written.trim();
    const column = given.find(
      (one) => (textIn(one, 'header') ?? textIn(one, 'name') ?? '').toLowerCase() === header.toLowerCase(),
    );
    const type = column === undefined ? null : (textIn(column, 'type')?.toUpperCase() ?? null);
    if (type === 'SKIP') return null;
    return { header, name: column === undefined ? header : (textIn(column, 'name') ?? header), type };
  });
}

function inserts(
  table: string,
  columns: readonly (LoadedColumn | null)[],
  rows: readonly string[][],
  target: SqlTarget,
): string[] {
  const used = columns.flatMap((column, index) => (column === null ? [] : [{ column, index }]));
  const names = used.map(({ column }) => quoted(column.name, target)).join(', ');
  const values = rows.map(
    (row) => `(${used.map(({ column, index }) => cellSql(row[index] ?? '', column, target)).join(', ')})`,
  );
  // Statements of a moderate length, for what shows and splits them.
  const statements: string[] = [];
  for (let at = 0; at < values.length; at += 50)
    statements.push(`INSERT INTO ${table} (${names}) VALUES ${values.slice(at, at + 50).join(',')}`);
  return statements;
}

function cellSql(text: string, { type, header }: LoadedColumn, target: SqlTarget): string {
  const trimmed = text.trim();
  if (/^null$/i.test(trimmed)) return 'NULL';
  switch (type) {
    case 'BOOLEAN':
      if (/^(?:true|t|yes|y|1)$/i.test(trimmed)) return truth(true, target);
      if (/^(?:false|f|no|n|0)$/i.test(trimmed)) return truth(false, target);
      throw new Untranslatable(`“${trimmed}” in column ${header} is neither true nor false`);
    case 'NUMERIC':
      if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(trimmed)) return trimmed;
      throw new Untranslatable(`“${trimmed}” in column ${header} is no number`);
    case 'COMPUTED':
      return functionText(trimmed, target);
    case null:
    case 'STRING':
    case 'DATE':
    case 'DATETIME':
    case 'UUID':
    case 'OTHER':
    case 'UNKNOWN':
      return literal(type === 'DATE' || type === 'DATETIME' ? trimmed.replace('T', ' ') : trimmed, target);
    default:
      throw new Untranslatable(`columns of type ${type} are not supported`);
  }
}

/** RFC 4180; lines that begin with `#` are comments, empty ones nothing. */
function parseRows(text: string, separator: string, quote: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let within = false;
  const end = () => {
    row.push(cell);
    if (!(row.length === 1 && cell.trim() === '') && row[0]?.startsWith('#') !== true) rows.push(row);
    row = [];
    cell = '';
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (within && character === quote && text.charAt(at + 1) === quote) cell += text.charAt(at++);
    else if (character === quote) within = !within;
    else if (within) cell += character;
    else if (character === separator) {
      row.push(cell);
      cell = '';
    } else if (character === '\n') end();
    else if (character !== '\r') cell += character;
  }
  if (within) throw new Untranslatable('its file ends within quotes');
  if (cell !== '' || row.length > 0) end();
  return rows;
}
