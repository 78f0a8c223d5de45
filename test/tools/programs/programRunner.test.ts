// What a program can and cannot do in its process.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProgramRunner } from '../../../electron/tools/programs/programRunner.ts';
import { folderOf } from '../folder.ts';
import { runIn, scriptOf, sourceWith } from './running.ts';

const limits = { previewMs: 10_000, idleMs: 10_000 };

test.each([
  ['main.js', "const { word } = require('./lib');\nexports.up = ({ log }) => log(word);"],
  ['main.cjs', "module.exports = { up: ({ log }) => log(require('./lib').word) };"],
  ['main.mjs', "import { word } from './lib.js';\nexport async function up({ log }) { log(word); }"],
  [
    'main.ts',
    "import { word } from './lib';\nenum Kind { A }\nexport const up = ({ log }: { log(word: string): void }): void => log(word + (Kind.A as number === 0 ? '' : '!'));",
  ],
  ['main.mts', "import { word } from './lib.js';\nexport default { up({ log }) { log(word); } };"],
  ['main.cts', "const { word }: { word: string } = require('./lib.js');\nexports.up = ({ log }) => log(word);"],
])('%s is called, with what it imports', async (path, text) => {
  const root = await sourceWith({ [path]: text, 'lib.ts': "export const word: string = 'called';\n" });
  expect(await runIn(root, { path })).toMatchObject({ problem: null, logged: ['called'] });
});

test('a package of the project, in either form', async () => {
  const root = await sourceWith({
    'package.json': '{}',
    'main.js':
      "import old from 'old'; import { is } from 'new/part'; export const up = ({ log }) => log(old.word, is);",
    'node_modules/old/package.json': '{"name":"old","main":"lib/main.js"}',
    'node_modules/old/lib/main.js': "exports.word = require('inner')",
    'node_modules/old/node_modules/inner/package.json': '{"name":"inner"}',
    'node_modules/old/node_modules/inner/index.js': "module.exports = 'old'",
    'node_modules/old/unused.js': '',
    'node_modules/new/package.json': '{"name":"new","type":"module","exports":{"./part":"./part.js"}}',
    'node_modules/new/part.js': "export const is = 'new';",
  });
  expect(await runIn(root)).toMatchObject({ problem: null, logged: ['old new'] });
});

describe('refused', () => {
  const attempts: Readonly<Record<string, string>> = {
    'writing a file': "require('node:fs').writeFileSync(CANARY, 'x')",
    'removing a file': "require('node:fs').rmSync(__filename)",
    'reading a file outside of the source': "require('node:fs').readFileSync('/etc/hostname')",
    'reading a hidden file beside it': "require('node:fs').readFileSync(__dirname + '/.env')",
    'starting a process': "process.binding('spawn_sync')",
    'starting a thread': "new (process.getBuiltinModule('node:worker_threads').Worker)('1', { eval: true })",
    'loading a binary': "process.dlopen({ exports: {} }, '/nowhere.node')",
    'a request': "fetch('http://127.0.0.1:1/')",
    'a connection': "process.getBuiltinModule('node:net').connect(1)",
    'a signal to another process': 'process.kill(process.ppid)',
    'a file that was not trusted': "require(['.', 'other.js'].join('/'))",
    'a debugger': "process.getBuiltinModule('node:inspector').open(0)",
  };
  test.each(Object.keys(attempts))('%s', async (name) => {
    await using elsewhere = await folderOf();
    const canary = join(elsewhere.path, 'canary');
    const attempt = attempts[name]?.replace('CANARY', JSON.stringify(canary)) ?? '';
    const main = `require('node:fs'); exports.up = async ({ log }) => { try { await (${attempt}); log('done'); } catch (error) { log('refused', error.message); } };`;
    // Computed imports are a Problem of the source; what runs is refused all the same.
    const root = await sourceWith({ 'main.js': main, 'other.js': '', '.env': 'SECRET=1' });
    const heard = await runIn(root);
    expect(heard.logged).toHaveLength(1);
    expect(heard.logged[0]).toMatch(/^refused /);
    expect(existsSync(canary)).toBe(false);
    expect(existsSync(join(root, 'main.js'))).toBe(true);
  });
});

test('it sees nothing of our environment', async () => {
  process.env['LOCKKEEPER_CANARY'] = 'canary-secret';
  try {
    const root = await sourceWith({
      'main.js': 'exports.up = ({ log }) => log(JSON.stringify(process.env), process.argv.join());',
    });
    const { logged } = await runIn(root);
    expect(logged[0]).not.toContain('canary-secret');
    expect(logged[0]).not.toMatch(/PATH|HOME/);
  } finally {
    delete process.env['LOCKKEEPER_CANARY'];
  }
});

test('a failure has its message, file and line', async () => {
  const root = await sourceWith({
    'main.ts':
      "interface A { b: string }\nexport const up = async () => {\n  const a: A | null = null;\n  throw new Error('no good');\n};\n",
  });
  expect((await runIn(root, { path: 'main.ts' })).problem).toMatchObject({
    code: 'script.program',
    message: 'main.ts failed: no good',
    path: 'main.ts',
    line: 4,
    serverMessage: expect.stringContaining('main.ts:4:9'),
  });
});

test('a syntax error has its line', async () => {
  const root = await sourceWith({ 'main.js': "exports.up = 1;\nconst = 'x';\n" });
  expect((await runIn(root)).problem).toMatchObject({ code: 'script.program', path: 'main.js', line: 2 });
});

test('what it prints is heard, but not without an end', async () => {
  const root = await sourceWith({
    'main.js':
      "exports.up = () => { console.log('out'); console.error('err'); for (let i = 0; i < 5000; i++) console.log(i); };",
  });
  const { printed } = await runIn(root);
  expect(printed).toContain('out');
  expect(printed).toContain('err');
  expect(printed.length).toBeLessThan(600);
});

test('without a word, it is told how it ended', async () => {
  const root = await sourceWith({ 'main.js': 'exports.up = () => process.exit(3);' });
  expect((await runIn(root)).problem).toMatchObject({
    code: 'script.program',
    message: expect.stringContaining('exit status 3'),
  });
});

test('it is ended when it does nothing for too long', async () => {
  const root = await sourceWith({ 'main.js': 'exports.up = () => { for (;;); };' });
  expect((await runIn(root, { limits: { ...limits, idleMs: 500 } })).problem).toMatchObject({
    code: 'script.program',
    message: expect.stringContaining('asked nothing of the database'),
  });
});

test('it is ended when the run is cancelled', async () => {
  const root = await sourceWith({
    'main.js':
      'exports.up = ({ log }) => { log(process.pid); return new Promise(() => setInterval(() => {}, 1000)); };',
  });
  const cancelling = new AbortController();
  let id = 0;
  const said = (text: string): void => {
    id = Number(text);
    cancelling.abort();
  };
  expect((await runIn(root, { signal: cancelling.signal, said })).problem).toMatchObject({ code: 'run.cancelled' });
  expect(() => process.kill(id, 0)).toThrow('ESRCH');
});

test('a query that nobody waits for is answered before it counts as done', async () => {
  const root = await sourceWith({ 'main.js': "exports.up = ({ query }) => { query('one'); query('two'); };" });
  expect(await runIn(root)).toMatchObject({ problem: null, asked: ['one', 'two'] });
});

test('code or data changed after it was planned is not run', async () => {
  const root = await sourceWith({
    'main.js': "require('node:fs'); const lib = require('./lib'); exports.up = ({ log }) => log('ran');",
    'lib.js': '',
    'rows.csv': '1',
  });
  const script = await scriptOf(root, 'main.js');
  const lent = {
    inTransaction: true,
    wantsTransaction: true,
    database: 'desk',
    product: 'SQLite',
    query: async () => ({ rows: [], affectedRows: null, columnTypes: {} }),
    say: () => expect.unreachable(),
    progress: () => undefined,
  };
  const run = () => createProgramRunner(root).run(script, lent, new AbortController().signal);
  await writeFile(join(root, 'lib.js'), '// changed');
  await expect(run()).rejects.toMatchObject({ problem: { code: 'plan.stale' } });
  await writeFile(join(root, 'lib.js'), '');
  await writeFile(join(root, 'rows.csv'), '2');
  await expect(run()).rejects.toMatchObject({
    problem: { code: 'plan.stale', message: expect.stringContaining('rows.csv') },
  });
});
