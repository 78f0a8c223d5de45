/** Settings files of tools and of the projects around them: TOML and Java properties. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import type { Problem } from '../../../shared/problem.ts';
import { unreadable } from './folder.ts';
import { invalidMetadata } from './json.ts';
import { printable } from './problems.ts';

export type Table = Readonly<Record<string, unknown>>;

/** More is no settings file. */
const mostBytes = 1024 * 1024;

/** The text; null when there is no such file, and with a Problem when it cannot be read. A byte-order mark is left out. */
export async function readSettingsText(root: string, path: string, problems: Problem[]): Promise<string | null> {
  const file = join(root, path);
  try {
    const status = await stat(file);
    if (!status.isFile()) return null;
    if (status.size <= mostBytes) return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
    const hint = 'Check that this is the right file; settings are short.';
    problems.push(invalidMetadata(path, `${printable(path)} is larger than 1 MiB.`, hint));
  } catch (error) {
    if (!isAbsent(error)) problems.push(unreadable(path, error));
  }
  return null;
}

/** Null when there is no such file, and with a Problem when it cannot be read or is no TOML. */
export async function readTomlFile(root: string, path: string, problems: Problem[]): Promise<Table | null> {
  const text = await readSettingsText(root, path, problems);
  return text === null ? null : parseToml(text, path, problems);
}

function parseToml(text: string, path: string, problems: Problem[]): Table | null {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = 'it cannot be parsed'] = error.message.split('\n');
    const place = { line: error.line, column: error.column };
    const message = `${printable(path)} is not valid TOML: ${printable(what)}.`;
    problems.push(invalidMetadata(path, message, 'Correct the file at that place.', place));
    return null;
  }
}

/** A table within a table; empty when there is none. */
export function tableIn(table: Table | null, name: string): Table {
  const value = table?.[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

/** A text, a number or a truth value as text; null for anything else. */
export function settingText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : null;
}

/** Java's properties: `key=value`, `key: value` or `key value`; `#` and `!` comments; a backslash joins lines and escapes. */
export function parseProperties(text: string): Map<string, string> {
  const values = new Map<string, string>();
  const joined = text.replace(/\r\n?/g, '\n').replace(/(?<!\\)((?:\\\\)*)\\\n[ \t\f]*/g, '$1');
  for (const line of joined.split('\n')) {
    const [, key, value = ''] =
      /^[ \t\f]*((?:[^\\:= \t\f]|\\.)+)(?:[ \t\f]*[:=]|[ \t\f])?[ \t\f]*(.*)$/.exec(line) ?? [];
    if (key === undefined || /^[ \t\f]*[#!]/.test(line)) continue;
    values.set(unescaped(key), unescaped(value));
  }
  return values;
}

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.)|$)/g, (_, code: string | undefined, character: string | undefined) =>
    code === undefined
      ? (controls[character ?? ''] ?? character ?? '')
      : String.fromCharCode(Number.parseInt(code, 16)),
  );

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
