// What a program consists of, and so what a person trusts.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readHandle, sourceWith } from './running.ts';

const digestOf = async (root: string): Promise<string> => (await readHandle(root, 'main.js')).program.digest;

const shop = {
  'package.json': '{}',
  'main.js': "const a = require('./lib/a');\nexports.up = () => {};\n",
  'lib/a.js': "import b from 'b'; export * from './c.ts';\n",
  'lib/c.ts': 'export const c: number = 1;\n',
  'other.js': 'nothing of it',
  'node_modules/b/package.json': '{"name":"b","version":"1.0.0","dependencies":{"d":"*"}}',
  'node_modules/b/index.js': 'export default 1',
  'node_modules/d/package.json': '{"name":"d","version":"2.0.0"}',
  'node_modules/d/index.js': '',
};

test('imports are followed into files and packages, and theirs', async () => {
  const { program, problems } = await readHandle(await sourceWith(shop), 'main.js');
  expect(problems).toEqual([]);
  expect(program.files.map(({ path, role }) => [path, role])).toEqual([
    ['main.js', 'code'],
    ['lib/a.js', 'code'],
    ['lib/c.ts', 'code'],
  ]);
  expect(program.packages.map(({ name, version }) => `${name} ${version}`)).toEqual(['b 1.0.0', 'd 2.0.0']);
});

test.each([
  'main.js',
  'lib/a.js',
  'lib/c.ts',
  'node_modules/b/index.js',
  'node_modules/d/index.js',
  'node_modules/d/new.js',
  'node_modules/d/node_modules/e/index.js',
])('a change of %s changes the digest', async (path) => {
  const root = await sourceWith(shop);
  const before = await digestOf(root);
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), `// changed\n${path in shop ? shop[path as keyof typeof shop] : ''}`);
  expect(await digestOf(root)).not.toBe(before);
});

test('a change elsewhere does not, nor does another place', async () => {
  const root = await sourceWith(shop);
  const before = await digestOf(root);
  await writeFile(join(root, 'other.js'), 'changed');
  expect(await digestOf(root)).toBe(before);
  expect(await digestOf(await sourceWith({ ...shop, 'other.js': '' }))).toBe(before);
});

test('line ends change what is trusted, not the checksum', async () => {
  const [lf, crlf] = [
    await sourceWith(shop),
    await sourceWith({ ...shop, 'main.js': shop['main.js'].replaceAll('\n', '\r\n') }),
  ];
  expect(await digestOf(crlf)).not.toBe(await digestOf(lf));
  expect((await readHandle(crlf, 'main.js')).checksum).toBe((await readHandle(lf, 'main.js')).checksum);
});

test('who reads files is trusted with all that it could read', async () => {
  const files = {
    'main.js': "require('node:fs')",
    'data/rows.csv': '1',
    '.env': 'SECRET=1',
    'node_modules/x/index.js': '',
  };
  const root = await sourceWith(files);
  expect((await readHandle(root, 'main.js')).program.files.map(({ path, role }) => [path, role])).toEqual([
    ['main.js', 'code'],
    ['data/rows.csv', 'data'],
  ]);
  const before = await digestOf(root);
  await writeFile(join(root, 'data/rows.csv'), '2');
  expect(await digestOf(root)).not.toBe(before);
});

test.each([
  ['computed', "\nrequire('./' + process.argv[2])", /computes what it imports/, 2],
  ['missing', "require('./missing')", /not there/, 1],
  ['not installed', "require('left-pad')", /not installed/, 1],
  ['network', "require('node:http')", /nothing but its database/, 1],
  ['processes', "import { spawn } from 'child_process'", /nothing but its database/, 1],
  ['outside', "require('../../../../../../etc/hosts')", /outside|not there/, 1],
])('%s: a Problem with its line', async (_name, text, message, line) => {
  const root = await sourceWith({ 'package.json': '{}', 'main.js': text });
  expect((await readHandle(root, 'main.js')).problems).toMatchObject([
    { code: 'script.import', path: 'main.js', line, message: expect.stringMatching(message) },
  ]);
});

test('a link that leads out of the project is not followed', async () => {
  const outside = await sourceWith({ 'evil.js': '' });
  const root = await sourceWith({ 'package.json': '{}', 'main.js': "require('./lib/evil')" });
  await mkdir(join(root, 'lib'));
  await symlink(join(outside, 'evil.js'), join(root, 'lib/evil.js'));
  expect((await readHandle(root, 'main.js')).problems).toMatchObject([
    { code: 'script.import', message: expect.stringMatching(/outside/) },
  ]);
});
