import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { Backup } from '../../shared/model/backup.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import { environment, newDirectory, open, problemOf, run } from './support.ts';

describe('environments', () => {
  test('are found by id and by name in any case, and listed by name', () => {
    const { environments } = open();
    environments.add(environment('2', 'Zürich'));
    environments.add(environment('1', 'Bern'));
    expect(environments.find('1')).toEqual(environment('1', 'Bern'));
    expect(environments.find('ZÜRICH')?.id).toBe('2');
    expect(environments.find('Zu\u0308rich')?.id).toBe('2');
    expect(environments.find('Basel')).toBeNull();
    expect(environments.list().map(({ name }) => name)).toEqual(['Bern', 'Zürich']);
  });

  test('an id goes before a name that reads the same', () => {
    const { environments } = open();
    environments.add(environment('1', 'second'));
    environments.add(environment('second', 'first'));
    expect(environments.find('second')?.name).toBe('first');
  });

  test('have names of their own', () => {
    const { environments } = open();
    environments.add(environment('1', 'Bern'));
    environments.add(environment('2', 'Zürich'));
    expect(problemOf(() => environments.add(environment('3', 'bern'))).code).toBe('environment.duplicate');
    expect(problemOf(() => environments.update(environment('2', 'BERN'))).code).toBe('environment.duplicate');
    environments.update(environment('1', 'BERN'));
    environments.remove('2');
    expect(environments.list().map(({ name }) => name)).toEqual(['BERN']);
    expect(problemOf(() => environments.update(environment('2', 'gone'))).code).toBe('environment.notFound');
  });

  test('one stored before a demand of its tier existed has that demand', () => {
    const directory = newDirectory();
    const { environments } = open(directory);
    environments.add(environment('1', 'Bern'));
    const file = new Database(join(directory, 'workspace.db'));
    file.exec(`UPDATE environments SET environment = json_set(environment, '$.protection', json('{"reason":false}'))`);
    file.close();
    expect(environments.find('1')?.protection).toEqual({ ...protectionByTier.production, reason: false });
  });

  test('follow their tier in what was not chosen for them', () => {
    const { environments, settings } = open();
    const chosen = { ...protectionByTier.production, reason: false };
    environments.add({ ...environment('1', 'Bern'), protection: chosen });
    environments.add(environment('2', 'Zürich'));
    expect(environments.find('1')).toMatchObject({ protection: chosen, settings: { protection: { reason: false } } });
    settings.setTierLayer('production', { protection: { backup: 'proven', reason: true } });
    settings.setWorkspaceLayer({ protection: { backup: 'taken', readOnly: true } });
    const followed = { ...protectionByTier.production, backup: 'proven', readOnly: true };
    expect(environments.find('2')?.protection).toEqual({ ...followed, reason: true });
    expect(environments.find('1')?.protection).toEqual({ ...followed, reason: false });
    // Saving what was read chooses nothing anew.
    for (const one of environments.list()) environments.update(one);
    settings.setTierLayer('production', {});
    expect(environments.find('2')?.protection.backup).toBe('taken');
    expect(environments.find('1')?.protection).toMatchObject({ backup: 'taken', reason: false });
  });

  test.each([
    ['there were when it was opened', false],
    ['came to one that lives on', true],
  ])('do not lose a protection to settings that cannot be read, and %s', async (_, later) => {
    const { environments, settings } = open();
    environments.add(environment('1', 'Bern'));
    if (later) await settings.prepare(true);
    settings.set('layer.tier.production', { protection: { reason: 'perhaps' } });
    if (!later) await settings.prepare(false);
    expect(problemOf(() => environments.list()).code).toBe('workspace.damaged');
  });
});

describe('runs', () => {
  const at = (day: number): string => `2026-03-0${String(day)}T00:00:00.000Z`;

  test('are kept whole and brought up to date', () => {
    const { runs } = open();
    runs.save(run('a', at(1)));
    const finished = run('a', at(1), { outcome: 'failed', finishedAt: at(2) });
    runs.save(finished);
    expect(runs.get('a')).toEqual(finished);
    expect(runs.get('b')).toBeNull();
  });

  test('are listed newest first, of one environment or of all, as many as asked for', () => {
    const { runs } = open();
    runs.save(run('a', at(1)));
    runs.save(run('c', at(3), { environmentId: 'e2', environment: 'Other' }));
    runs.save(run('b', at(2), { outcome: 'succeeded', finishedAt: at(3) }));
    const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
    expect(ids(runs.list({ limit: 10 }))).toEqual(['c', 'b', 'a']);
    expect(ids(runs.list({ limit: 1 }))).toEqual(['c']);
    expect(ids(runs.latest({ environmentId: 'e1', limit: 10 }))).toEqual(['b', 'a']);
    expect(ids(runs.latest({ environment: 'Other', limit: 10 }))).toEqual(['c']);
    expect(ids(runs.unfinished())).toEqual(['a', 'c']);
    expect(runs.list({ environment: 'Praxis', limit: 1 })).toEqual([
      {
        id: 'b',
        environment: 'Praxis',
        action: 'up',
        outcome: 'succeeded',
        actor: 'anna',
        startedAt: at(2),
        finishedAt: at(3),
        versions: [],
      },
    ]);
  });
});

test('backups are added, changed, listed newest first and forgotten', () => {
  const { backups } = open();
  const backup = (id: string, takenAt: string): Backup => ({
    id,
    environment: 'Praxis',
    engine: 'sqlite',
    database: 'app.db',
    level: 'taken',
    takenAt,
    durationMs: 1,
    bytes: 2,
    path: '/b',
    sha256: 'ab',
    encrypted: false,
    covers: 'everything',
    notCovered: [],
    objects: {},
    program: null,
    serverVersion: '3',
    checkedAt: null,
    problem: null,
  });
  backups.add(backup('old', '2026-01-01T00:00:00.000Z'));
  backups.add(backup('new', '2026-02-01T00:00:00.000Z'));
  backups.update({ ...backup('old', '2026-01-01T00:00:00.000Z'), level: 'checked' });
  expect(backups.list({ environment: 'Praxis' }).map(({ id, level }) => [id, level])).toEqual([
    ['new', 'taken'],
    ['old', 'checked'],
  ]);
  expect(backups.list({ environment: 'Other' })).toEqual([]);
  backups.remove('new');
  expect(backups.get('new')).toBeNull();
  expect(backups.list()).toHaveLength(1);
  expect(problemOf(() => backups.update(backup('new', ''))).code).toBe('backup.notFound');
});

test('settings keep any value by key', () => {
  const { settings } = open();
  expect(settings.get('theme')).toBeNull();
  settings.set('theme', { dark: true });
  settings.set('theme', { dark: false, list: [1, null] });
  expect(settings.get('theme')).toEqual({ dark: false, list: [1, null] });
  settings.remove('theme');
  expect(settings.get('theme')).toBeNull();
});

test('the audit log only grows', () => {
  const directory = newDirectory();
  const { audit } = open(directory);
  audit.append({
    at: '2026-01-01T00:00:00.000Z',
    actor: 'anna',
    action: 'up',
    environment: 'Praxis',
    run: 'r',
    detail: { versions: ['1'] },
  });
  audit.append({
    at: '2026-01-02T00:00:00.000Z',
    actor: 'bert',
    action: 'down',
    environment: null,
    run: null,
    detail: {},
  });
  expect(audit.list({ limit: 10 }).map(({ id, actor }) => [id, actor])).toEqual([
    [2, 'bert'],
    [1, 'anna'],
  ]);
  expect(audit.list({ environment: 'Praxis', limit: 10 })).toEqual([
    {
      id: 1,
      at: '2026-01-01T00:00:00.000Z',
      actor: 'anna',
      action: 'up',
      environment: 'Praxis',
      run: 'r',
      detail: { versions: ['1'] },
    },
  ]);
  const file = new Database(join(directory, 'workspace.db'));
  expect(() => file.exec("UPDATE audit SET actor = 'nobody'")).toThrow('append-only');
  expect(() => file.exec('DELETE FROM audit')).toThrow('append-only');
  file.close();
});
