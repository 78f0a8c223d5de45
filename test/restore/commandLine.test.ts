/** `lockkeeper restore` as a process, the way a script calls it. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockkeeper } from '../cli/lockkeeper.ts';
import { unavailable } from '../servers/index.ts';
import { testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { change, contentOf, engines, fill } from './databases.ts';

let folder: string;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-cli-'));
  home = path.join(folder, 'home');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const failing = {
  '1_half.sql':
    '-- migrate:up transaction:false\ncreate table half (id integer primary key);\nselect * from nowhere;\n-- migrate:down\n',
};

describe.each(engines)('on %s', (engine) => {
  it('restores after a failed run with the command that the run names, and undoes it', {
    timeout: 300_000,
  }, async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    await fill(engine, database);
    const source = await writeFolder(folder, failing);
    const before = await contentOf(engine, database);
    const call = (...args: string[]) => lockkeeper(home, [...args, '--json'], { env: { DB: database.url } });
    const added = await lockkeeper(home, [
      'env',
      'add',
      `ward-${engine}`,
      '--url',
      database.url,
      '--ask',
      '--tier',
      'test',
      '--source',
      source,
      '--json',
    ]);
    expect(added.stderr).not.toContain('✕');
    const env = ['--env', `ward-${engine}`];
    const secret = engine === 'sqlite' ? [] : ['--password-env', 'SECRET'];
    const as = (...args: string[]) =>
      lockkeeper(home, [...args, ...env, ...secret, '--json'], {
        env: { SECRET: engine === 'sqlite' ? '' : decodeURIComponent(new URL(database.url).password) },
      });

    const up = await as('up');
    expect(up.code).toBe(1);
    const next = (up.json()['next'] as string[]).find((line) => line.startsWith('lockkeeper restore ')) ?? '';
    const id = next.split(' ')[2] ?? '';
    await change(database, "INSERT INTO patient (name, ward) VALUES ('later', 1)");

    const dry = await as('restore', id, '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.json()).toMatchObject({
      run: null,
      dryRun: true,
      plan: {
        backup: { id },
        placement: 'swap',
        problems: [],
        rowsKnown: true,
        hazards: [{ code: 'restoreLosesChanges' }],
      },
    });
    expect(await database.query("SELECT name FROM patient WHERE name = 'later'")).toHaveLength(1);

    const restored = await as('restore', id, '--accept', 'closesSessions');
    expect(restored.code, restored.stdout).toBe(0);
    expect(restored.json()).toMatchObject({
      outcome: 'succeeded',
      steps: [],
      problem: null,
      // The tier asks for a backup of what is there.
      backup: { level: 'checked' },
      restore: { stage: 'swapped', backup: id },
      next: [expect.stringMatching(/^lockkeeper restore --undo /)],
    });
    expect(await contentOf(engine, database)).toEqual(before);

    const run = String(restored.json()['run']);
    const undone = await as('restore', '--undo', run, '--accept', 'closesSessions');
    expect(undone.code, undone.stdout).toBe(0);
    expect(undone.json()).toMatchObject({ outcome: 'succeeded', restore: { stage: 'undone' } });
    expect(await database.query("SELECT name FROM patient WHERE name = 'later'")).toHaveLength(1);

    const again = await as('restore', '--undo', run);
    expect(again.code).toBe(2);
    expect(again.json()).toMatchObject({ problem: { code: 'restore.notUndoable' } });

    const history = await call('history');
    expect((history.json()['entries'] as { action: string }[]).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['restore', 'undoRestore']),
    );
    const log = await lockkeeper(home, ['logs', run]);
    expect(log.stdout).toMatch(/restore swapped/);
  });
});

it('says how to use it', async () => {
  const both = await lockkeeper(home, ['restore', 'X', '--file', 'Y', '--json']);
  expect(both.code).toBe(2);
  const none = await lockkeeper(home, ['restore', '--json']);
  expect(none.json()).toMatchObject({
    problem: { code: 'usage.invalid', hint: expect.stringContaining('backup list') },
  });
  const unknown = await lockkeeper(home, ['restore', 'NOSUCH', '--json']);
  expect(unknown.json()).toMatchObject({ problem: { code: 'backup.notFound' } });
});

it('writes no password anywhere', async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
  await using database = await testDatabase('postgres15');
  const password = decodeURIComponent(new URL(database.url).password);
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      expect((await readFile(path.join(entry.parentPath, entry.name))).includes(password), entry.name).toBe(false);
});
