// What is known of code without running it.
import { expect, test } from 'vitest';
import { moduleShape } from '../../../electron/tools/programs/moduleShape.ts';

const imports = (text: string) => moduleShape(text).imports.map(({ specifier, line }) => [specifier, line]);

test('every way to import is seen, in JavaScript and in TypeScript', () => {
  const text = `#!/usr/bin/env node
import a from './a';
import * as b from "./b";
import { c, type C, d as e } from './c.js';
import './side-effect';
import type { T } from './types';
export * from './d';
export { f } from './f';
export type { G } from './g';
const h = require('./h'), i = await import('./i');
const where = require.resolve('./j');
import k = require('./k');
const l = import(\`./l\`);
`;
  expect(imports(text)).toEqual([
    ['./a', 2],
    ['./b', 3],
    ['./c.js', 4],
    ['./side-effect', 5],
    ['./d', 7],
    ['./f', 8],
    ['./h', 10],
    ['./i', 10],
    ['./j', 11],
    ['./k', 12],
    ['./l', 13],
  ]);
  expect(moduleShape(text).imports[2]?.names).toEqual(['c', 'C', 'd']);
});

test('what only looks like an import is none', () => {
  const text = `
// import './a'; require('./b')
/* import './c' */
const text = "import './d'", other = \`require('./e') \${'nested ' + "require('./f')"} import './g'\`;
const pattern = /require\\('.\\/h'\\)["'\`/]/, half = 4 / 2;
object.import('./i'); object.require('./j');
const keys = { import: './k', require: 1 };
`;
  expect(imports(text)).toEqual([]);
});

test('an import inside a value of a template is seen', () => {
  const text = 'const a = `x #{require("./a")} y #{`#{require(\'./b\')}`}`; require("./c")'.replaceAll('#', '$');
  expect(imports(text)).toEqual([
    ['./a', 1],
    ['./b', 1],
    ['./c', 1],
  ]);
});

test('a computed import is told as such', () => {
  expect(imports("require('./' + name);\nimport(path);\nrequire(`./$" + '{name}`)')).toEqual([
    [null, 1],
    [null, 2],
    [null, 3],
  ]);
});

test.each([
  ['export const up = 1', true],
  ["import './a'", true],
  ['import.meta.url', true],
  ['exports.up = () => import("./a")', false],
  ['const exported = { export: 1, import: 2 }; x.export()', false],
])('%s: a module? %s', (text, isModule) => {
  expect(moduleShape(text).isModule).toBe(isModule);
});

test('exported values that are written out are known', () => {
  const text = `
export const name = 'a "name"';
export const metadata: Metadata = { author: "x\\u0041", tables: ['a', 'b'], downtime: false, nested: { n: 1_000, none: null } };
export const computed = 'a' + b;
export let transaction = false;
exports.shorthands = undefined;
module.exports = { description: 'd', down: false, up: async () => ({ name: 'not this' }) };
`;
  expect(Object.fromEntries(moduleShape(text).literals)).toEqual({
    name: 'a "name"',
    metadata: { author: 'xA', tables: ['a', 'b'], downtime: false, nested: { n: 1000, none: null } },
    transaction: false,
    shorthands: undefined,
    description: 'd',
    down: false,
  });
});

test('no text makes it fail', () => {
  for (const text of [
    '`${',
    "'",
    '/*',
    '/',
    '}}}',
    'import',
    'import {',
    'export',
    'require(',
    'exports.',
    '\\u{',
    '"\\u{110000}"',
  ])
    expect(() => moduleShape(text)).not.toThrow();
});
