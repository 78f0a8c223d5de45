/** `up` at the start of an application: several replicas race, and one of them migrates. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { engines, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const slow = {
  postgres15: 'select pg_sleep(2);',
  postgres18: 'select pg_sleep(2);',
  mariadb: 'select sleep(2);',
  sqlite: 'with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000000) select count(*) from n;',
} as const;

const up = ['up', '--non-interactive', '--json'] as const;

describe.each(engines)('on %s', (engine) => {
  it('replicas that start at once all end well, and each migration is applied once', {
    timeout: 240_000,
  }, async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    const source = await writeFolder(folder, {
      '1_a.sql': `-- migrate:up\ncreate table a (id integer);\n${slow[engine]}\n-- migrate:down\n`,
      '2_b.sql': '-- migrate:up\ninsert into a (id) values (1);\n-- migrate:down\n',
    });
    const on = ['--url', database.url, '--source', source, '--fail-hard', '--wait', '180'];
    // Each with a workspace of its own, as in containers.
    const replicas = ['one', 'two', 'three'].map((name) => lockkeeper(path.join(folder, engine, name), [...up, ...on]));
    for (const done of await Promise.all(replicas)) {
      expect(done.code, done.stderr).toBe(0);
      expect(done.json()).toMatchObject({ outcome: 'succeeded', problem: null });
    }
    expect(await database.query('select id from a')).toHaveLength(1);
  });
});

it('--fail-hard ends badly where what is left is not what was asked for, and well where it is', {
  timeout: 240_000,
}, async () => {
  await using database = await testDatabase('sqlite');
  const source = await writeFolder(folder, {
    '1_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\n',
    '2_b.sql': '-- migrate:up\ninsert into nowhere values (1);\n-- migrate:down\n',
  });
  const home = path.join(folder, 'hard');
  const on = ['--url', database.url, '--source', source, '--fail-hard'];
  expect((await lockkeeper(home, [...up, ...on, '--to', '1'])).code).toBe(0);
  expect((await lockkeeper(home, [...up, ...on, '--to', '1'])).code).toBe(0);
  expect((await lockkeeper(home, [...up, ...on, '--wait', '1'])).code).toBe(1);
});
