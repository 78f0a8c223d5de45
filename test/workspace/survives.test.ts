/** The workspace under kills, a full disk, and versions of the application that change its schema. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { schemaChanges } from '../../electron/workspace/schema.ts';
import { openWorkspace } from '../../electron/workspace/workspace.ts';
import { skipBecause } from '../setup/skip.ts';
import { environment, newDirectory, open, problemOf } from './support.ts';

const writer = fileURLToPath(new URL('./writeMany.ts', import.meta.url));

/** Whole numbers below `limit`, the same for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Kills a process that writes, once it has said so often that an entry is there; resolves with how often it said so. */
async function killedAfter(directory: string, entries: number): Promise<number> {
  const child = spawn(process.execPath, [writer, directory, 'endless'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let written = 0;
  child.stdout.on('data', (data: Buffer) => {
    written += data.toString().split('\n').length - 1;
    if (written >= entries) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return written;
}

test('a series of kills on one workspace loses nothing that was acknowledged', { timeout: 120_000 }, async () => {
  const directory = newDirectory();
  const next = numbers(20_261_120);
  let acknowledged = 0;
  for (let kill = 0; kill < 12; kill += 1) {
    acknowledged += await killedAfter(directory, 1 + next(60));
    const workspace = openWorkspace(directory);
    expect(workspace.audit.list({ limit: 100_000 }).length, `after kill ${kill}`).toBeGreaterThanOrEqual(acknowledged);
    expect(workspace.environments.list()).toHaveLength(1);
    workspace.environments.remove('endless');
    expect(workspace.health().check).toBe('ok');
    await workspace.close();
  }
});

/** As an older Lockkeeper left it, with an environment. */
function olderWorkspace(version: number): string {
  const directory = newDirectory();
  mkdirSync(directory);
  const older = new Database(join(directory, 'workspace.db'));
  older.pragma('journal_mode = WAL');
  for (const change of schemaChanges.slice(0, version)) older.exec(change);
  older.pragma(`user_version = ${String(version)}`);
  older.prepare('INSERT INTO environments VALUES (?, ?, ?)').run('e0', 'old', JSON.stringify(environment('e0', 'Old')));
  older.close();
  return directory;
}

test('a file of an older version is changed in place, and a copy of it is kept', () => {
  const directory = olderWorkspace(1);
  expect(open(directory).environments.list()).toHaveLength(1);
  const copy = new Database(join(directory, 'workspace.db.schema-1'), { readonly: true });
  expect(copy.pragma('user_version', { simple: true })).toBe(1);
  expect(copy.prepare('SELECT id FROM environments').pluck().all()).toEqual(['e0']);
  expect(copy.prepare("SELECT name FROM sqlite_schema WHERE name = 'schemas'").all()).toEqual([]);
  copy.close();
});

test('several processes that meet an older version at once change it once', { timeout: 60_000 }, async () => {
  const directory = olderWorkspace(1);
  const children = Array.from({ length: 6 }, (_, index) =>
    spawn(process.execPath, [writer, directory, String(index)], { stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as unknown));
  expect(codes).toEqual(children.map(() => 0));
  const workspace = open(directory);
  expect(workspace.environments.list()).toHaveLength(7);
  expect(workspace.health()).toMatchObject({ check: 'ok', schema: schemaChanges.length });
  const copy = new Database(join(directory, 'workspace.db.schema-1'), { readonly: true });
  expect(copy.pragma('user_version', { simple: true })).toBe(1);
  copy.close();
  expect(readdirSync(directory).filter((name) => /schema-1\.\d/.test(name))).toEqual([]);
});

function smallDisk(folder: string, kib: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'none', folder], { stdio: 'pipe' });
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
  });
}

/** Null: this account may not. */
function onSmallDisk(kib: number): string | null {
  const folder = newDirectory();
  mkdirSync(folder);
  try {
    smallDisk(folder, kib);
    return folder;
  } catch {
    return null;
  }
}

test('a full disk is told, and the workspace keeps what it held', async (context) => {
  const folder = onSmallDisk(400) ?? skipBecause(context, 'this account may not mount a small file system');
  const workspace = openWorkspace(folder);
  workspace.environments.add(environment('e1', 'Praxis'));
  const filling = () => {
    for (let index = 0; index < 10_000; index += 1) workspace.settings.set(`k${index}`, 'x'.repeat(2000));
  };
  expect(problemOf(filling)).toMatchObject({
    code: 'workspace.unwritable',
    hint: expect.stringMatching(/^Free space/),
  });
  expect(workspace.environments.find('Praxis')?.id).toBe('e1');
  execFileSync('mount', ['-o', 'remount,size=8000k', folder]);
  workspace.environments.add(environment('e2', 'Clinic'));
  await workspace.close();
  const again = openWorkspace(folder);
  expect(again.environments.list()).toHaveLength(2);
  expect(again.health().check).toBe('ok');
  await again.close();
});

test('a disk without room for the copy refuses the change of the schema', async (context) => {
  const folder = onSmallDisk(300) ?? skipBecause(context, 'this account may not mount a small file system');
  const file = join(folder, 'workspace.db');
  const older = new Database(file);
  older.exec(schemaChanges[0] ?? '');
  older.pragma('user_version = 1');
  older.exec("INSERT INTO settings VALUES ('big', hex(zeroblob(60000)))");
  older.close();
  writeFileSync(join(folder, 'filler'), Buffer.alloc(40 * 1024));
  expect(problemOf(() => openWorkspace(folder)).code).toBe('workspace.unwritable');
  const still = new Database(file, { readonly: true });
  expect(still.pragma('user_version', { simple: true })).toBe(1);
  still.close();
  expect(existsSync(`${file}.schema-1`)).toBe(false);
  execFileSync('mount', ['-o', 'remount,size=8000k', folder]);
  const opened = openWorkspace(folder);
  expect(opened.health().schema).toBe(schemaChanges.length);
  await opened.close();
});
