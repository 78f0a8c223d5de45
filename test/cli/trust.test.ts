// Trust by the command line: refused with exit code 7 and the words to type, given by exactly those.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, writeFolder } from '../services/backend.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-cli-'));
  home = path.join(folder, 'home');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('a program is run only after exactly its content was accepted', async () => {
  await using database = await testDatabase('sqlite');
  const source = await writeFolder(folder, {
    'lockkeeper.json': '{"lockkeeper": 1}',
    '1.0.0_people.js':
      "exports.up = async ({ query, log }) => { await query('create table people (id integer)'); log('people are there'); };\n",
  });
  const on = ['--url-env', 'DB', '--source', source];
  const call = (...args: string[]) => lockkeeper(home, [...args, ...on, '--json'], { env: { DB: database.url } });

  const status = await call('status');
  expect(status.json()).toMatchObject({
    migrations: [{ status: 'pending', program: { trusted: false } }],
    trust: { programs: [{ path: '1.0.0_people.js' }] },
  });
  const refused = await call('up');
  expect([refused.code, refused.json().problem?.code]).toEqual([7, 'gate.trust']);
  expect((await call('plan')).code).toBe(7);
  const code = /--accept (trust:[\da-f]+)/.exec(refused.stdout)?.[1] ?? '';
  await writeFile(path.join(source, '1.0.0_people.js'), 'exports.up = () => {};\n');
  expect((await call('up', '--accept', code)).code).toBe(7);
  await writeFile(
    path.join(source, '1.0.0_people.js'),
    "exports.up = async ({ query, log }) => { await query('create table people (id integer)'); log('people are there'); };\n",
  );
  const done = await call('up', '--accept', code);
  expect([done.code, done.json()['outcome']]).toEqual([0, 'succeeded']);
  expect(await database.query('select * from people')).toEqual([]);

  const shown = await lockkeeper(home, ['info', '1.0.0', ...on], { env: { DB: database.url } });
  expect(shown.stdout).toContain('exports.up = async');
  const log = await lockkeeper(home, ['logs', ...on], { env: { DB: database.url } });
  expect(log.stdout).toContain('people are there');
});
