/** Settings in a file that is code or JSON: what is written out in it, read without running it. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Literal, literalAt } from './moduleShape.ts';
import { projectOf } from './readProgram.ts';
import { type Token, tokensOf } from './tokens.ts';

export interface WrittenSettings {
  /** Absolute path. */
  readonly path: string;
  /** The values written for a name anywhere in it; `computed` when one of them is not written out. */
  valuesOf(name: string): { readonly written: readonly Literal[]; readonly computed: boolean };
  mentions(name: string): boolean;
}

/** More is no settings file. */
const mostBytes = 1024 * 1024;

/** Of the files named, those that exist in the folder or above it, up to its project's. */
export function writtenSettings(root: string, names: readonly string[]): WrittenSettings[] {
  const found: WrittenSettings[] = [];
  const last = projectOf(root);
  for (let folder = root; ; folder = dirname(folder)) {
    for (const name of names) {
      const path = join(folder, name);
      if (existsSync(path) && statSync(path).isFile() && statSync(path).size <= mostBytes) found.push(read(path));
    }
    if (folder === last || dirname(folder) === folder) return found;
  }
}

function read(path: string): WrittenSettings {
  const tokens = tokensOf(readFileSync(path, 'utf8'));
  const isNamed = (token: Token | undefined, name: string) =>
    (token?.kind === 'name' || token?.kind === 'string') && token.text === name;
  return {
    path,
    mentions: (name) => tokens.some((token) => isNamed(token, name)),
    valuesOf(name) {
      const places = tokens.flatMap((token, at) =>
        isNamed(token, name) && tokens[at + 1]?.kind === 'mark' && tokens[at + 1]?.text === ':' ? [at + 2] : [],
      );
      const values = places.map((at) => literalAt(tokens, at));
      return {
        written: values.flatMap((value) => (value === null ? [] : [value.value])),
        computed: values.includes(null),
      };
    },
  };
}

/** The one value that the files give a name; null when they give none, several, or a computed one. */
export function oneValue(settings: readonly WrittenSettings[], name: string): OneValue {
  const all = settings
    .map((each) => ({ each, ...each.valuesOf(name) }))
    .filter(({ written, computed }) => computed || written.length > 0);
  const values = new Set(all.flatMap(({ written }) => written));
  const [value] = values;
  const unclear = values.size > 1 || all.some(({ computed }) => computed);
  return { value: unclear ? undefined : value, unclear, path: all[0]?.each.path ?? null };
}

export interface OneValue {
  readonly value: Literal;
  /** It is computed, or not everywhere the same. */
  readonly unclear: boolean;
  readonly path: string | null;
}
