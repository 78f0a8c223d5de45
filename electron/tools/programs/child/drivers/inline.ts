/** Puts values into the places that a query's text keeps for them, so that whoever watches a run reads what is sent. */
import type { EngineId } from '../../../../../shared/model/environment.ts';
import { literal } from './literal.ts';

export type Values = readonly unknown[] | Readonly<Record<string, unknown>>;

/** What is neither code nor a place: strings, names in quotes, comments. */
const passedOver: Readonly<Record<EngineId, string>> = {
  postgres: String.raw`[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*[\s\S]*?\*/|\$(?<tag>[A-Za-z_]\w*)?\$[\s\S]*?\$\k<tag>\$`,
  mysql: String.raw`'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|\`[^\`]*\`|--\s[^\n]*|#[^\n]*|/\*[\s\S]*?\*/`,
  sqlite: String.raw`'(?:[^']|'')*'|"(?:[^"]|"")*"|\`[^\`]*\`|\[[^\]]*\]|--[^\n]*|/\*[\s\S]*?\*/`,
};

const placeholder: Readonly<Record<EngineId, string>> = {
  postgres: String.raw`\$(?<number>\d+)`,
  mysql: String.raw`(?<name>\?\?)|(?<next>\?)`,
  sqlite: String.raw`(?<next>\?(?<number>\d+)?)|(?<key>[$:@]\w+)`,
};

export function inlined(engine: EngineId, sql: string, values: Values | null | undefined): string {
  if (values === null || values === undefined || (Array.isArray(values) && values.length === 0)) return sql;
  const list = Array.isArray(values) ? values : null;
  let next = 0;
  const pattern = new RegExp(`${passedOver[engine]}|${placeholder[engine]}`, 'g');
  return sql.replace(pattern, (...match) => {
    const groups: Readonly<Record<string, string | undefined>> = match.at(-1);
    const whole = String(match[0]);
    if (groups['key'] !== undefined) return literal(engine, named(values, groups['key']));
    if (groups['number'] !== undefined) return literal(engine, list?.[Number(groups['number']) - 1]);
    if (groups['name'] !== undefined) return quotedName(list?.[next++]);
    return groups['next'] === undefined ? whole : literal(engine, list?.[next++]);
  });
}

/** `$1` of a list, `$name`, `:name` or `@name` of an object, whose keys may have the sign or not. */
function named(values: Values, key: string): unknown {
  if (Array.isArray(values)) return values[Number(key.slice(1)) - 1];
  const all = new Map(Object.entries(values));
  return all.has(key) ? all.get(key) : all.get(key.slice(1));
}

const quotedName = (name: unknown): string =>
  [name]
    .flat()
    .map((part) => `\`${String(part).replaceAll('`', '``').replaceAll('.', '`.`')}\``)
    .join(', ');
