/** `backup create`, `list` and `prune`, and `env edit --protect`, the way a script calls them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../electron/workspace/workspace.ts';
import { unavailable } from '../servers/index.ts';
import { testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { lockkeeper } from './lockkeeper.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'lockkeeper-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('backup create', () => {
  it('takes a part, in plain text, and says what it covers', async (context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase('postgres15');
    await database.query('create table patient (id integer)');
    await database.query('create table visit (id integer)');
    const call = (...args: string[]) =>
      lockkeeper(home, ['backup', 'create', '--json', '--url-env', 'URL', ...args], { env: { URL: database.url } });
    for (const args of [['--schema-only', '--format', 'plain'], ['--tables', 'patient, public.visit'], []])
      expect((await call(...args)).json()).toMatchObject({ outcome: 'succeeded', problem: null });
    expect((await call('--tables', 'nobody')).json()).toMatchObject({ problem: { code: 'usage.invalid' } });
    for (const args of [
      ['--schema-only', '--tables', 'patient'],
      ['--format', 'tape'],
    ])
      expect((await call(...args)).code).toBe(2);
    const { backups } = (await lockkeeper(home, ['backup', 'list', '--json'])).json();
    expect(backups).toMatchObject([
      { covers: 'everything', format: 'custom', encrypted: false, problem: null },
      { covers: 'tables', tables: ['patient', 'public.visit'] },
      { covers: 'schema', format: 'plain' },
    ]);
  });
});

describe('backup create --prove', () => {
  it.for(['postgres15', 'mariadb', 'sqlite'] as const)('takes one of %s and proves it', async (engine, context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    await database.query('create table patient (id integer)');
    await database.query('insert into patient values (7)');
    const own = path.join(home, `proven-${engine}`);
    const call = (...args: string[]) => lockkeeper(own, ['backup', ...args], { env: { URL: database.url } });
    const taken = await call('create', '--prove', '--json', '--url-env', 'URL');
    expect(taken.json()).toMatchObject({ outcome: 'succeeded', problem: null });
    const { backups } = (await call('list', '--json')).json();
    expect(backups).toMatchObject([{ level: 'proven', problem: null }]);
    expect((await call('create', '--prove', '--schema-only', '--url-env', 'URL')).code).toBe(2);
  });
});

describe('backup list and prune', () => {
  it('mark what is missing, tell what would go, and remove it', async () => {
    await using database = await testDatabase('sqlite');
    const own = path.join(home, 'pruned');
    await lockkeeper(own, ['env', 'add', 'ward', '--url', database.url]);
    for (let count = 0; count < 3; count += 1) await lockkeeper(own, ['backup', 'create', '--env', 'ward']);
    const list = async () => (await lockkeeper(own, ['backup', 'list', '--json'])).json().backups ?? [];
    const [newest, second, third] = await list();
    if (newest === undefined || second === undefined || third === undefined) throw new Error('no backups');
    const dry = await lockkeeper(own, ['backup', 'prune', '--keep', '2', '--dry-run', '--json']);
    expect(dry.json()).toMatchObject({ dryRun: true, removed: [{ id: third.id, path: third.path }] });
    expect(await list()).toHaveLength(3);
    expect((await lockkeeper(own, ['backup', 'prune', '--older-than', '30d'])).stdout).toContain('Nothing is beyond');
    const done = await lockkeeper(own, ['backup', 'prune', '--env', 'ward', '--keep', '1']);
    expect(done.stdout).toMatch(new RegExp(`Removed ${second.id} of ward.*\nRemoved ${third.id} of ward`));
    await writeFile(newest.path, 'changed');
    expect(await list()).toMatchObject([{ id: newest.id, problem: { code: 'backup.changed' } }]);
    await rm(newest.path);
    expect((await lockkeeper(own, ['backup', 'list'])).stdout).toContain('✕ backup.notFound');
    expect((await lockkeeper(own, ['backup', 'prune', '--older-than', 'soon'])).code).toBe(2);
  });
});

describe('env edit --protect', () => {
  it('chooses for one environment, and goes back to what its tier says', async () => {
    await using database = await testDatabase('sqlite');
    const own = path.join(home, 'protected');
    await lockkeeper(own, ['env', 'add', 'ward', '--url', database.url, '--tier', 'test']);
    const protection = async () => (await lockkeeper(own, ['env', 'show', 'ward', '--json'])).json()['protection'];
    await lockkeeper(own, ['env', 'edit', 'ward', '--protect', 'name', 'backup=checked']);
    expect(await protection()).toMatchObject({ typedName: true, backup: 'checked' });
    const workspace = openWorkspace(own);
    workspace.settings.setTierLayer('test', { protection: { reason: true } });
    await workspace.close();
    expect(await protection()).toMatchObject({ typedName: true, backup: 'checked', reason: true });
    await lockkeeper(own, ['env', 'edit', 'ward', '--protect', 'tier']);
    expect(await protection()).toMatchObject({ typedName: false, backup: 'taken', reason: true });
  });
});
