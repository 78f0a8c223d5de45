// A full disk, on the server's side and on this one.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { giveToServer } from '../servers/identity.ts';
import { skipBecause } from '../setup/skip.ts';
import {
  applied,
  attemptOf,
  execute,
  expectRefusal,
  expectSuccess,
  openDesk,
  pending,
  requireServer,
} from './support.ts';

const towns = { ...applied, ...pending('create table towns (id integer);') };
const freeSpace = expect.stringMatching(/^Free space/);

/** A file system of its own of that many KiB. */
function smallDisk(context: TestContext, folder: string, kib: number): Disposable & { grow(kib: number): void } {
  const mount = (...args: string[]) =>
    execFileSync('mount', ['-t', 'tmpfs', ...args, 'none', folder], { stdio: 'pipe' });
  try {
    mount('-o', `size=${kib}k,mode=777`);
  } catch {
    skipBecause(context, 'this account may not mount a small file system');
  }
  return {
    grow: (more) => void execFileSync('mount', ['-o', `remount,size=${more}k`, folder]),
    [Symbol.dispose]: () => void execFileSync('umount', ['--lazy', folder]),
  };
}

it('PostgreSQL: a tablespace without room', async (context) => {
  requireServer(context, 'postgres15');
  await using desk = await openDesk('postgres15');
  const folder = path.join(desk.folder, 'tablespace');
  await mkdir(folder);
  execFileSync('chmod', ['755', desk.folder]);
  using disk = smallDisk(context, folder, 300);
  giveToServer(folder);
  const name = `small_${Date.now()}`;
  await desk.database.query(`create tablespace ${name} location '${folder}'`);
  try {
    const rows = `create table towns (id integer, name text) tablespace ${name};\ninsert into towns select i, repeat('x', 500) from generate_series(1, 2000) i;`;
    await desk.fill({ ...applied, ...pending(rows) });
    const state = expect.stringContaining('Everything of migration 2 was rolled back');
    await expectRefusal(desk, { code: 'database.diskFull', line: 3, state, hint: freeSpace }, () => desk.up());
    disk.grow(8_000);
    await expectSuccess(desk.up());
  } finally {
    await desk.database.query('drop table if exists towns');
    await desk.database.query(`drop tablespace ${name}`);
  }
});

it('SQLite: a file that may not grow', async () => {
  await using desk = await openDesk('sqlite');
  const rows = (pages: number) =>
    `pragma max_page_count = ${pages};\ncreate table towns (id integer, name text);\ninsert into towns with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) select i, hex(randomblob(400)) from n;`;
  await desk.fill({ ...applied, ...pending(rows(60)) });
  const state = expect.stringContaining('Everything of migration 2 was rolled back');
  await expectRefusal(desk, { code: 'database.diskFull', line: 4, state, hint: freeSpace });
  await desk.fill({ ...applied, ...pending(rows(100_000)) });
  await expectSuccess(desk.up());
});

it('this computer: no room for the backup', async (context) => {
  await using desk = await openDesk('sqlite');
  await desk.fill({ ...applied, ...pending('create table more (id integer);') });
  const filler =
    'create table big as with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) select i, hex(randomblob(400)) as x from n';
  await execute('sqlite', desk.database, [filler]);
  const home = path.join(desk.folder, 'home');
  await mkdir(home);
  using disk = smallDisk(context, home, 900);
  const up = async () => attemptOf(await desk.call(['up', '--backup']));
  const state = expect.stringMatching(/^Nothing was changed\./);
  await expectRefusal(desk, { code: 'backup.diskFull', state, hint: expect.stringContaining('Free') }, up);
  disk.grow(20_000);
  await expectSuccess(up());
});

it('this computer: no room at all', async (context) => {
  await using desk = await openDesk('sqlite');
  await desk.fill(towns);
  const home = path.join(desk.folder, 'home');
  await mkdir(home);
  using disk = smallDisk(context, home, 16);
  await writeFile(path.join(home, 'filler'), Buffer.alloc(16_384)).catch(() => undefined);
  const up = async () => attemptOf(await desk.call(['up']));
  const state = expect.stringContaining('no database was touched');
  await expectRefusal(desk, { code: 'workspace.unwritable', state, hint: expect.stringMatching(/^Free space/) }, up);
  disk.grow(20_000);
  await expectSuccess(up());
});
