/** `.gmrc`, JSON with comments, and what its placeholders stand for (src/settings.ts, src/migration.ts). */
import { nearest } from '../common/detecting.ts';
import type { ReadOptions } from '../tool.ts';

export const configNames = ['.gmrc', '.gmrc.jsonc', '.gmrc.js', '.gmrc.cjs'];

/** Placeholders by name, with the value written in the settings; null: it comes from the environment. */
export async function configuredPlaceholders(root: string): Promise<ReadonlyMap<string, string | null>> {
  const config = await nearest(root, configNames.slice(0, 2));
  const block = /["']?\bplaceholders["']?\s*:\s*\{([^}]*)\}/.exec(withoutComments(config?.head ?? ''))?.[1] ?? '';
  const pairs = [...block.matchAll(/["'](:[A-Z][0-9A-Z_]+)["']\s*:\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g)];
  return new Map(
    pairs.map(([, name = '', double, single]) => {
      const value = (double ?? single ?? '').replace(/\\(.)/g, '$1');
      return [name, value === '!ENV' ? null : value];
    }),
  );
}

const withoutComments = (text: string): string =>
  text.replace(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1');

/**
 * Puts values in the place of `:NAME`, as text, wherever it stands: so does graphile-migrate. What nobody gave a value for
 * is told to `missing`, with its line.
 */
export function withValues(
  body: string,
  configured: ReadonlyMap<string, string | null>,
  { placeholders, database, user }: ReadOptions,
  missing: (name: string, line: number) => void,
): string {
  // Read without a database, as to validate files, its name and owner stay as they are written.
  const known = new Map<string, string | null>([
    ...configured,
    ...(database === undefined
      ? []
      : ([
          [':DATABASE_NAME', database],
          [':DATABASE_OWNER', user ?? database],
        ] as const)),
  ]);
  const given = (name: string) => placeholders[name.slice(1)] ?? placeholders[name];
  for (const name of Object.keys(placeholders).map((key) => (key.startsWith(':') ? key : `:${key}`)))
    if (/^:[A-Z][0-9A-Z_]+$/.test(name)) known.set(name, given(name) ?? null);
  if (known.size === 0) return body;
  const names = [...known.keys()].map((name) => name.replaceAll(/[^\w:]/g, '')).join('|');
  return body.replace(new RegExp(`(?:${names})\\b`, 'g'), (name, offset: number) => {
    const value = given(name) ?? known.get(name) ?? null;
    if (value === null) missing(name, body.slice(0, offset).split('\n').length - 1);
    return value ?? name;
  });
}
