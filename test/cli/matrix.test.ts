/** `matrix` as a script and as a person reads it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-matrix-'));
  home = join(folder, 'home');
  const source = join(folder, 'migrations');
  await mkdir(source);
  for (const number of [1, 2])
    await writeFile(
      join(source, `${number}_step.sql`),
      `-- migrate:up\ncreate table step_${number} (id integer);\n-- migrate:down\ndrop table step_${number};\n`,
    );
  for (const [name, group] of [
    ['east', 'Shops'],
    ['=west', 'Shops'],
    ['office', 'Offices'],
  ] as const) {
    const url = `sqlite:${join(folder, `${group}-${name}.db`)}`;
    await createDatabase(url.slice('sqlite:'.length));
    await lockkeeper(home, [
      'env',
      'add',
      name,
      '--url',
      url,
      '--source',
      source,
      '--group',
      group,
      '--tier',
      'development',
    ]);
  }
  await lockkeeper(home, ['up', '--env', 'east', '--steps', '1']);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the document holds environments, migrations and a row of cells for each', async () => {
  const { code, json } = await lockkeeper(home, ['matrix', '--group', 'Shops', '--json']);
  expect(code).toBe(0);
  expect(json()).toMatchObject({
    environments: [
      { environment: '=west', pending: 2, drift: null, changed: null, problem: null },
      { environment: 'east', current: '1', pending: 1, drift: 0 },
    ],
    migrations: [{ version: '1', name: 'step', tool: 'dbmate' }, { version: '2' }],
    cells: [
      ['pending', 'applied'],
      ['pending', 'pending'],
    ],
  });
});

test('CSV holds no formula', async () => {
  const { stdout } = await lockkeeper(home, ['matrix', '--format', 'csv', '--group', 'Shops']);
  const lines = stdout.trimEnd().split('\r\n');
  expect(lines[0]).toBe("tool,version,name,'=west,east");
  expect(lines.at(-2)).toBe('dbmate,1,step,pending,applied');
});

test('a person reads shape and word; what cannot be reached is told with its last known state', async () => {
  await rm(join(folder, 'Shops-east.db'));
  const { code, stdout, stderr } = await lockkeeper(home, ['matrix', '--group', 'Shops']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/east .*last known \d{4}-/);
  expect(stdout).toMatch(/^1 +step +○ pending +✓ applied$/m);
  expect(stderr).toMatch(/east: There is no database/);
});

test('a group that nobody is in, and a format that is none, are refused', async () => {
  expect(await lockkeeper(home, ['matrix', '--group', 'Nowhere'])).toMatchObject({ code: 2, stdout: '' });
  expect(await lockkeeper(home, ['matrix', '--format', 'xml'])).toMatchObject({ code: 2 });
});
