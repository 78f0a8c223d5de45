/** Decides what the process may load: listed files with the content that was trusted, their packages, harmless parts of Node. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  createRequire,
  isBuiltin,
  type LoadHookContext,
  type ResolveHookContext,
  registerHooks,
  stripTypeScriptTypes,
} from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isAllowedBuiltin, isEmptied } from '../builtins.ts';
import { packageOf } from '../libraries.ts';
import { moduleShape } from '../moduleShape.ts';
import type { Start } from '../protocol.ts';

export class ChangedError extends Error {}

/** In place of parts of Node that a library names and a migration has no use for. */
const emptyUrl = 'lockkeeper:empty';
const libraryUrl = 'lockkeeper:library';

/** From here on imports are those of the program. */
export function restrictLoading(start: Start): void {
  const isCode = (path: string): boolean => Object.hasOwn(start.code, path);
  const isPackage = (path: string): boolean => start.packages.some((folder) => path.startsWith(folder + sep));

  function own(specifier: string, parent: string): string | null {
    const linked = start.links[parent]?.[specifier];
    if (linked !== undefined) return linked;
    if (!/^(\.{0,2}\/|file:)/.test(specifier)) return null;
    const wanted = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(dirname(parent), specifier);
    if (isCode(wanted)) return wanted;
    throw new Error(`${specifier} is not among the files that were trusted with this migration.`);
  }

  registerHooks({
    resolve(specifier: string, context: ResolveHookContext, next) {
      if (isBuiltin(specifier)) {
        const asker = pathOf(context.parentURL);
        if (isEmptied(specifier) && asker !== null && isPackage(asker)) return { url: emptyUrl, shortCircuit: true };
        if (!isAllowedBuiltin(specifier))
          throw new Error(`${specifier} is not for migrations: one reaches nothing but its database.`);
        return next(specifier, context);
      }
      const parent = pathOf(context.parentURL);
      const asked = pathOf(specifier);
      if (asked !== null && isCode(asked)) return { url: pathToFileURL(asked).href, shortCircuit: true };
      if (parent !== null && isCode(parent)) {
        // What is required needs no names, and comes as it is; node-pg-migrate need not be installed.
        const isAsked = specifier === packageOf(start.calledWith);
        if (isAsked && (start.calledWith === 'pgm' || context.conditions.includes('import')))
          return { url: libraryUrl, shortCircuit: true };
        const path = own(specifier, parent);
        if (path !== null) return { url: pathToFileURL(path).href, shortCircuit: true };
      }
      const found = next(specifier, context);
      const path = pathOf(found.url);
      if (path !== null && isPackage(path)) return found;
      throw new Error(`${specifier} is not among what was trusted with this migration.`);
    },
    load(url: string, context: LoadHookContext, next) {
      if (url === emptyUrl) return { format: 'commonjs', source: 'module.exports = {};', shortCircuit: true };
      if (url === libraryUrl) return { format: 'module', source: librarySource(start), shortCircuit: true };
      const path = pathOf(url);
      if (path === null || !isCode(path)) return next(url, context);
      return { ...loadCode(path, start.code[path] ?? ''), shortCircuit: true };
    },
  });
}

function pathOf(url: string | undefined): string | null {
  if (url === undefined) return null;
  if (url.startsWith('file:')) return fileURLToPath(url);
  return url.startsWith(sep) || /^[a-z]:\\/i.test(url) ? url : null;
}

function loadCode(path: string, trusted: string): { format: 'module' | 'commonjs' | 'json'; source: string } {
  const content = readFileSync(path);
  if (createHash('sha256').update(content).digest('hex') !== trusted) throw new ChangedError(path);
  const text = content.toString('utf8').replace(/^\ufeff/, '');
  if (path.endsWith('.json')) return { format: 'json', source: text };
  // By what is written in it: folders seldom say which of the two their files are, and tools take both.
  const isModule = /\.m[jt]s$/.test(path) || (!/\.c[jt]s$/.test(path) && moduleShape(text).isModule);
  return {
    format: isModule ? 'module' : 'commonjs',
    source: /\.[cm]?ts$/.test(path) ? withoutTypes(text, path) : text,
  };
}

/** Places stay where they are, except in a file with enums and the like, whose places a source map tells. */
function withoutTypes(text: string, path: string): string {
  try {
    return stripTypeScriptTypes(text, { mode: 'strip' });
  } catch {
    return stripTypeScriptTypes(text, { mode: 'transform', sourceMap: true, sourceUrl: path });
  }
}

/** What migrations import from the library; a type's name is there too, as undefined. */
function librarySource(start: Start): string {
  const own = start.calledWith === 'pgm' ? [] : Object.keys(requireLibrary(start));
  const names = [...own, ...start.libraryNames].filter(
    (name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== 'default',
  );
  return [
    ...(start.calledWith === 'pgm' ? builderParts(start) : wholeLibrary(start)),
    ...[...new Set(names)].map((name, index) => `const own${index} = all.${name}; export { own${index} as ${name} };`),
  ].join('\n');
}

/** Without node-pg-migrate's database driver. */
function builderParts({ library }: Start): string[] {
  const at = (file: string): string => JSON.stringify(pathToFileURL(`${library ?? ''}/dist/legacy/${file}`).href);
  const files = ['utils/PgLiteral.js', 'pgType.js', 'migrationBuilder.js'].map(at);
  return [
    ...files.map((file, index) => `import * as part${index} from ${file}; export * from ${file};`),
    `const all = {${files.map((_, index) => ` ...part${index}`).join(',')} };`,
    'export default all;',
  ];
}

const requireLibrary = ({ library }: Start): object =>
  createRequire(join(library ?? '', 'package.json'))(library ?? '');

/** The very one that calls the migration: a second copy of its classes would not be recognised by it. */
const wholeLibrary = ({ library }: Start): string[] => [
  `import { createRequire } from 'node:module';`,
  `const all = createRequire(${JSON.stringify(join(library ?? '', 'package.json'))})(${JSON.stringify(library)});`,
  'export default all;',
];
