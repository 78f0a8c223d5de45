/** Proofs, rehearsals and trials killed at every moment of their copy: the next start removes what is left, and nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { afterOpening } from '../../electron/services/atStart.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { ownProcess } from '../../electron/services/processLife.ts';
import { until } from '../reconcile/support.ts';
import { type Engine, fill } from '../restore/databases.ts';
import { backUp } from '../restore/support.ts';
import { mariadb, postgres15, unavailable } from '../servers/index.ts';
import { type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { environmentOf } from '../services/values.ts';
import { skipBecause } from '../setup/skip.ts';
import type { Moment, Order } from './dyingWork.ts';

const program = fileURLToPath(new URL('./dyingWork.ts', import.meta.url));

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const folder = (): string => path.join(test.folder, 'data', 'copies');
const files = (): Promise<string[]> => readdir(folder()).catch(() => []);

/** Names of copies that are written down. */
const recorded = async (): Promise<string[]> =>
  (await files()).filter((file) => file.endsWith('.json')).map((file) => path.parse(file).name);

const named: Readonly<Record<Exclude<Engine, 'sqlite'>, (name: string) => Promise<readonly unknown[]>>> = {
  postgres15: async (name) =>
    (await postgres15()).query(
      "SELECT 'database' AS kind FROM pg_database WHERE datname = $1 UNION SELECT 'login' FROM pg_roles WHERE rolname = $1 ORDER BY 1",
      [name],
    ),
  mariadb: async (name) =>
    (await mariadb()).query(
      "SELECT 'database' AS kind FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ? UNION SELECT 'login' FROM mysql.user WHERE User = ? ORDER BY 1",
      [name, name],
    ),
};

const kinds = async (engine: Engine, name: string): Promise<unknown[]> =>
  engine === 'sqlite'
    ? (await files()).filter((file) => file.startsWith(`${name}.db`)).map(() => 'file')
    : (await named[engine](name)).map((row) => (row as { kind: unknown }).kind);

const engineIds = { postgres15: 'postgres', mariadb: 'mysql', sqlite: 'sqlite' } as const;
const slow = {
  postgres15: 'select pg_sleep(3600);',
  mariadb: 'do sleep(3600);',
  sqlite:
    'insert into a with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000000000) select max(i) from n;',
} as const;

async function prepared(engine: Engine, database: TestDatabase): Promise<Omit<Order, 'dieAt' | 'work'>> {
  const { context } = test.backend;
  await fill(engine, database);
  const source = await writeFolder(test.folder, {
    '1_a.sql': `-- migrate:up\ncreate table a (id bigint);\n${slow[engine]}\n-- migrate:down\ndrop table a;\n`,
  });
  const password = engine === 'sqlite' ? '' : decodeURIComponent(new URL(database.url).password);
  const { id } = await addEnvironment(context, {
    ...environmentOf(database.url, source),
    name: `${engine} ${path.basename(source)}`,
    secret: engine === 'sqlite' ? null : { password, keep: 'ask' },
  });
  const backup = await backUp(context, { kind: 'environment', nameOrId: id });
  const dataDirectory = context.workspace.dataDirectory;
  return { dataDirectory, engine: engineIds[engine], environment: id, password, backup: backup.id };
}

function begin(order: Order) {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  return { child, ended: once(child, 'exit').then(async ([, signal]) => signal ?? (await said).join('\n')) };
}

/** What the process has left of its one copy. */
async function left(engine: Engine): Promise<{ name: string; kinds: unknown[] }> {
  const [name, ...more] = await recorded();
  if (name === undefined || more.length > 0) throw new Error(`copies: ${await recorded()}`);
  return { name, kinds: await kinds(engine, name) };
}

async function removedAtStart(engine: Engine, name: string): Promise<void> {
  await afterOpening(test.backend.context);
  expect(await kinds(engine, name)).toEqual([]);
  expect(await files()).toEqual([]);
}

describe.each(['postgres15', 'mariadb'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it.each<readonly [Moment, readonly string[]]>([
    ['before makeLogin', []],
    ['after makeLogin', ['login']],
    ['after makeDatabase', ['database', 'login']],
    ['after prepare', ['database', 'login']],
    ['loading', ['database', 'login']],
    ['before remove', ['database', 'login']],
    ['after remove', []],
  ])('a proof that dies %s', async (dieAt, expected) => {
    await using database = await testDatabase(engine);
    const order = await prepared(engine, database);
    expect(await begin({ ...order, work: 'prove', dieAt }).ended).toBe('SIGKILL');
    const found = await left(engine);
    expect(found.kinds).toEqual(expected);
    await removedAtStart(engine, found.name);
    expect(await database.query('SELECT count(*) AS n FROM patient')).toMatchObject([
      { n: engine === 'mariadb' ? 500 : '500' },
    ]);
  });

  it.each([
    ['rehearse', ['database', 'login']],
    ['test', ['database']],
  ] as const)('what is killed in a statement: %s', async (work, expected) => {
    await using database = await testDatabase(engine);
    const order = await prepared(engine, database);
    const { child, ended } = begin({ ...order, work, dieAt: 'never' });
    const server = await { postgres15, mariadb }[engine]();
    const running =
      engine === 'mariadb'
        ? 'SELECT 1 FROM information_schema.PROCESSLIST WHERE DB = ? AND INFO LIKE ?'
        : 'SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND query LIKE $2';
    await until(async () => {
      if (child.exitCode !== null) throw new Error(await ended);
      const [name = ''] = await recorded();
      return (await server.query(running, [name, `${slow[engine].slice(0, 10)}%`])).length > 0;
    });
    child.kill('SIGKILL');
    await ended;
    const found = await left(engine);
    expect(found.kinds).toEqual(expected);
    await removedAtStart(engine, found.name);
  });

  it('what others have made stays, whatever it is called, and what is in use', async () => {
    await using database = await testDatabase(engine);
    const order = await prepared(engine, database);
    const server = await { postgres15, mariadb }[engine]();
    const theirs = 'lockkeeper_copy_0000theirs000000';
    await server.query(`CREATE DATABASE ${theirs}`);
    try {
      // Of a process that lives: this one.
      const ours = 'lockkeeper_copy_00000ours0000000';
      await begin({ ...order, work: 'prove', dieAt: 'before makeLogin' }).ended;
      const { name } = await left(engine);
      const record = JSON.parse(await readFile(path.join(folder(), `${name}.json`), 'utf8'));
      const living = { ...record, name: ours, process: ownProcess() };
      await writeFile(path.join(folder(), `${ours}.json`), JSON.stringify(living));
      // None of ours: another form of name.
      const forged = { ...record, name: new URL(database.url).pathname.slice(1) };
      await writeFile(path.join(folder(), 'forged.json'), JSON.stringify(forged));
      await afterOpening(test.backend.context);
      expect(await recorded()).toEqual([ours, 'forged'].toSorted());
      expect(await kinds(engine, theirs)).toEqual(['database']);
      expect(await database.query('SELECT count(*) AS n FROM ward')).toHaveLength(1);
      await writeFile(path.join(folder(), `${ours}.json`), JSON.stringify({ ...living, process: '1 0' }));
      await afterOpening(test.backend.context);
      expect(await recorded()).toEqual(['forged']);
    } finally {
      await server.query(`DROP DATABASE ${theirs}`);
      for (const name of await recorded()) await unlink(path.join(folder(), `${name}.json`));
    }
  });
});

describe('on SQLite', () => {
  it('a proof that dies while it is loading', async () => {
    await using database = await testDatabase('sqlite');
    const order = await prepared('sqlite', database);
    expect(await begin({ ...order, work: 'prove', dieAt: 'loading' }).ended).toBe('SIGKILL');
    const found = await left('sqlite');
    expect(found.kinds).toContain('file');
    await removedAtStart('sqlite', found.name);
  });

  it('a rehearsal that is killed', async () => {
    await using database = await testDatabase('sqlite');
    const order = await prepared('sqlite', database);
    const { child, ended } = begin({ ...order, work: 'rehearse', dieAt: 'never' });
    // Written to: the step is under way.
    await until(async () => {
      if (child.exitCode !== null) throw new Error(await ended);
      return (await files()).some((file) => /\.db-(journal|wal)$/.test(file));
    });
    child.kill('SIGKILL');
    await ended;
    const found = await left('sqlite');
    expect(found.kinds).toContain('file');
    await removedAtStart('sqlite', found.name);
  });
});
