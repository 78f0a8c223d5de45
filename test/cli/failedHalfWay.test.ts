/** A migration that failed half-way on the command line: refused with code 8, and each way out is one command. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, writeFolder } from '../services/backend.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-half-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sql = (more: string) =>
  `-- migrate:up transaction:false\ncreate table beds (id int);\ninsert into beds values (1);\n${more}\n-- migrate:down\ndrop table beds;\n`;

it('up is refused, a rollback asks for its reason, and the restart must be accepted', {
  timeout: 120_000,
}, async () => {
  await using database = await testDatabase('sqlite');
  const source = await writeFolder(folder, { '1_beds.sql': sql('insert into linen values (1);') });
  const call = (...args: string[]) =>
    lockkeeper(path.join(folder, 'home'), [...args, '--json', '--url', database.url, '--source', source]);
  const failed = await call('up', '--no-backup');
  expect(failed.code).toBe(1);
  const refused = await call('up', '--no-backup');
  expect([refused.code, refused.json().problem?.code]).toEqual([8, 'run.unknown']);
  const id = /Run (\S+) failed/.exec(refused.stdout)?.[1] ?? '';
  expect(refused.stdout).toContain(`run resume ${id}`);

  const unexplained = await call('run', 'resume', id, '--roll-back', '--no-backup', '--accept', 'dataLoss');
  expect([unexplained.code, unexplained.json().problem?.code]).toEqual([7, 'gate.reason']);
  expect(await database.query('select id from beds')).toEqual([{ id: 1 }]);
  const why = ['--reason', 'no linen here', '--accept', 'dataLoss'];
  const rolledBack = await call('run', 'resume', id, '--roll-back', '--no-backup', ...why);
  expect([rolledBack.code, rolledBack.stderr]).toEqual([0, expect.any(String)]);
  expect(await database.query("select name from sqlite_schema where name = 'beds'")).toEqual([]);

  expect((await call('up', '--no-backup')).code).toBe(1);
  expect((await call('up', '--no-backup')).code).toBe(8);
  await database.query('drop table beds');
  await database.query('create table linen (id int)');
  expect((await call('up', '--no-backup', '--accept', 'retryFailed')).code).toBe(0);
});
