// The state of what a definition changes, as an expression over the catalogue: the same value before and after tells
// that nothing happened, and the journal keeps it beside the announcement of each statement.
import type { StatementProbe } from '../../engine/ports.ts';
import { mysqlDialect } from './dialect.ts';
import { eventState, routineState, schemaState, tableState, triggerState, viewState } from './probeStates.ts';

const name = '(?:`(?:[^`]|``)+`|[\\w$\\u0080-\\uffff]+)';
const qualified = `${name}(?:\\s*\\.\\s*${name})?`;
const list = `${qualified}(?:\\s*,\\s*${qualified})*`;
const exists = '(?:IF\\s+(?:NOT\\s+)?EXISTS\\s+)?';
const replace = '(?:OR\\s+REPLACE\\s+)?';
const definer = '(?:(?:DEFINER\\s*=\\s*\\S+|ALGORITHM\\s*=\\s*\\w+|SQL\\s+SECURITY\\s+\\w+|AGGREGATE)\\s+)*';

/** `text` is the whole statement, `further` the second name that its form captures. */
type State = (object: string, text: string, further: string | undefined) => string;

/** Forms of statements, each with the names it captures and how their state is told. */
const forms: readonly (readonly [RegExp, State])[] = [
  [form(`CREATE\\s+${replace}(?:TABLE|SEQUENCE)\\s+${exists}(${qualified})`), table],
  [form(`ALTER\\s+(?:ONLINE\\s+)?(?:IGNORE\\s+)?TABLE\\s+${exists}(${qualified})`), table],
  [
    form(
      `CREATE\\s+${replace}(?:UNIQUE\\s+|FULLTEXT\\s+|SPATIAL\\s+)?INDEX\\s+${exists}${name}\\s+(?:USING\\s+\\w+\\s+)?ON\\s+(${qualified})`,
    ),
    table,
  ],
  [form(`DROP\\s+INDEX\\s+${exists}${name}\\s+ON\\s+(${qualified})`), table],
  [form(`DROP\\s+(?:TABLES?|SEQUENCE)\\s+${exists}(${list})`), table],
  [form(`RENAME\\s+TABLES?\\s+${exists}(.+)`), table],
  [form(`(?:CREATE|ALTER)\\s+${replace}${definer}VIEW\\s+${exists}(${qualified})`), view],
  [form(`DROP\\s+VIEW\\s+${exists}(${list})`), view],
  [
    form(`(?:CREATE|ALTER|DROP)\\s+${replace}${definer}PROCEDURE\\s+${exists}(${qualified})`),
    (object) => routineState('PROCEDURE', ...parts(object)),
  ],
  [
    form(`(?:CREATE|ALTER|DROP)\\s+${replace}${definer}FUNCTION\\s+${exists}(${qualified})(?!.*\\bSONAME\\b)`),
    (object) => routineState('FUNCTION', ...parts(object)),
  ],
  [
    form(
      `CREATE\\s+${replace}${definer}TRIGGER\\s+${exists}(${qualified})\\s+(?:BEFORE|AFTER)\\s+\\w+\\s+ON\\s+(${qualified})`,
    ),
    trigger,
  ],
  [form(`DROP\\s+TRIGGER\\s+${exists}(${qualified})`), trigger],
  [
    form(`(?:CREATE|ALTER|DROP)\\s+${replace}${definer}EVENT\\s+${exists}(${qualified})`),
    (object) => eventState(...parts(object)),
  ],
  [
    form(`(?:CREATE|ALTER|DROP)\\s+${replace}(?:DATABASE|SCHEMA)\\s+${exists}(${name})`),
    (object) => schemaState(mysqlDialect.quoteLiteral(unquoted(object))),
  ],
];

function form(pattern: string): RegExp {
  return new RegExp(`^${pattern}`, 'is');
}

/** Null for statements that change no definition, and for definitions that the catalogue does not describe. */
export function probe(statement: string): StatementProbe | null {
  const state = stateOf(statement);
  return state === null ? null : { state, effect: null, repeatable: false };
}

function stateOf(statement: string): string | null {
  const text = readable(statement);
  for (const [pattern, state] of forms) {
    const [, objects, further] = pattern.exec(text) ?? [];
    if (objects === undefined) continue;
    const states = [...namesIn(objects), ...newName(text)].map((object) => state(object, text, further));
    return states.length === 1 ? (states[0] ?? null) : `CONCAT_WS(' ', ${states.join(', ')})`;
  }
  return null;
}

/** Names in `a, b`, and in `a TO b, c TO d`. */
function namesIn(objects: string): string[] {
  const found = objects.matchAll(
    new RegExp(`(${qualified})(?:\\s+(?:NO)?WAIT(?:\\s+\\d+)?)?(?:\\s+TO\\s+(${qualified}))?\\s*,?`, 'gis'),
  );
  return [...found].flatMap(([, from, to]) => [from, to]).filter((object) => object !== undefined);
}

/** `ALTER TABLE a RENAME TO b` changes two names. */
function newName(text: string): string[] {
  if (!/^ALTER/i.test(text)) return [];
  const found = new RegExp(`\\bRENAME\\s+(?:TO\\s+|AS\\s+)?(?!(?:COLUMN|INDEX|KEY|TO|AS)\\b)(${qualified})`, 'is').exec(
    text.replace(/'(?:[^'\\]|\\.|'')*'/gs, "''"),
  );
  return found?.[1] === undefined ? [] : [found[1]];
}

/** UTF-16 units of a statement that are looked at: the names stand at its beginning. */
const headLength = 65_536;

/** Without comments; what stands in executable ones counts. */
const readable = (statement: string): string =>
  statement
    .slice(0, headLength)
    .replace(/\/\*(?!M?!).*?\*\/|^\s*(?:#[^\n]*|--\s[^\n]*)$/gms, ' ')
    .replace(/\/\*M?!\d*|\*\//g, ' ')
    .trim();

function table(object: string, text: string): string {
  return tableState(...parts(object), {
    checks: /\b(?:CHECK|CONSTRAINT)\b/i.test(text),
    partitions: /\bPARTITION/i.test(text),
  });
}

function view(object: string): string {
  return viewState(...parts(object));
}

function trigger(object: string, _text: string, onTable: string | undefined): string {
  return triggerState(...parts(object), onTable === undefined ? null : parts(onTable)[1]);
}

/** SQL of the schema and of the name. */
function parts(object: string): [schema: string, name: string] {
  const [first = '', second] = [...object.matchAll(new RegExp(name, 'gs'))].map(([part]) =>
    mysqlDialect.quoteLiteral(unquoted(part)),
  );
  return second === undefined ? ['DATABASE()', first] : [first, second];
}

const unquoted = (identifier: string): string =>
  identifier.startsWith('`') ? identifier.slice(1, -1).replaceAll('``', '`') : identifier;
