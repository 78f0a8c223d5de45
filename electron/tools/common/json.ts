/** JSON files that people write: parsed, or a Problem with the place of the mistake. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../../shared/problem.ts';
import { unreadable } from './folder.ts';
import { printable, sourceProblem } from './problems.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** More is no description of a migration. */
const mostBytes = 1024 * 1024;

/** Null when there is no such file, and with a Problem when it cannot be read or is not valid. */
export async function readJsonFile(root: string, path: string, problems: Problem[]): Promise<JsonObject | null> {
  const parsed = await readAndParse(root, path);
  if (parsed === null) return null;
  if ('value' in parsed) return parsed.value;
  problems.push(parsed.problem);
  return null;
}

async function readAndParse(root: string, path: string): Promise<Parsed | null> {
  const file = join(root, path);
  try {
    const { size } = await stat(file);
    if (size > mostBytes)
      return {
        problem: invalidMetadata(
          path,
          `${printable(path)} is larger than 1 MiB.`,
          'Keep metadata short; data belongs into the script.',
        ),
      };
    return parseJsonObject(await readFile(file, 'utf8'), path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    return { problem: unreadable(path, error) };
  }
}

type Parsed = { readonly value: JsonObject } | { readonly problem: Problem };

/** The object in a file's text. A byte-order mark before it is passed over. */
export function parseJsonObject(text: string, path: string): Parsed {
  const json = text.replace(/^\uFEFF/, '');
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return { value };
    return {
      problem: invalidMetadata(path, `${printable(path)} holds no JSON object.`, 'Write an object: { … }.', {
        line: 1,
      }),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      problem: invalidMetadata(
        path,
        `${printable(path)} is not valid JSON: ${printable(message)}.`,
        'Correct the file at that place.',
        placeOf(json, mistakeIn(json)),
      ),
    };
  }
}

export function invalidMetadata(
  path: string,
  message: string,
  hint: string,
  place: { line?: number; column?: number } = {},
): Problem {
  return sourceProblem('source.invalidMetadata', message, hint, { path, ...place });
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const token =
  /\s*(?:([[\]{}:,])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/** Offset of the first token that JSON's grammar does not allow: V8 tells it in some of its messages only. */
function mistakeIn(text: string): number {
  const closers: string[] = [];
  let expected = 'value';
  token.lastIndex = 0;
  for (;;) {
    const from = token.lastIndex + (/^\s*/.exec(text.slice(token.lastIndex))?.[0].length ?? 0);
    const match = token.exec(text);
    if (match === null) return from;
    const [, sign, string] = match;
    const next = followed(expected, sign, string !== undefined, closers);
    if (next === null) return from;
    expected = next;
  }
}

/** What may follow; null when the token may not stand here. `closers`: what ends the objects and arrays around it. */
function followed(expected: string, sign: string | undefined, isString: boolean, closers: string[]): string | null {
  const closes = sign !== undefined && sign === closers.at(-1);
  if (closes && (expected === 'next' || expected === 'firstName' || expected === 'firstValue')) {
    closers.pop();
    return 'next';
  }
  switch (expected) {
    case 'value':
    case 'firstValue':
      if (sign === undefined) return 'next';
      if (sign !== '{' && sign !== '[') return null;
      closers.push(sign === '{' ? '}' : ']');
      return sign === '{' ? 'firstName' : 'firstValue';
    case 'name':
    case 'firstName':
      return isString ? 'colon' : null;
    case 'colon':
      return sign === ':' ? 'value' : null;
    default:
      return sign === ',' && closers.length > 0 ? (closers.at(-1) === '}' ? 'name' : 'value') : null;
  }
}
