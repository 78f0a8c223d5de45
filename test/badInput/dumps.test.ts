// Backups that cannot be made: the run ends before its first migration, and tells what to install or repair.
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { applied, type Desk, expectRefusal, expectSuccess, openDesk, pending, requireServer } from './support.ts';

const towns = { ...applied, ...pending('create table towns (id integer);') };
const withBackup = { request: { backup: true } } as const;

const programs = {
  postgres15: ['pg_dump', 'pg_restore', 'pg_dump (PostgreSQL) 99.1'],
  mariadb: ['mariadb-dump', 'mariadb', 'mariadb-dump from 99.1.1-MariaDB, client 10.19'],
} as const;

afterEach(() => {
  vi.unstubAllEnvs();
});

/** From now on the newest program found is one that does what `body` says. */
async function impersonate(desk: Desk, engine: keyof typeof programs, body: string): Promise<void> {
  const [dump, client, version] = programs[engine];
  const folder = path.join(desk.folder, 'bin');
  await mkdir(folder, { recursive: true });
  for (const name of [dump, client]) {
    const file = path.join(folder, name);
    await writeFile(file, `#!/bin/sh\ncase "$*" in *--version*) echo '${version}'; exit 0;; esac\n${body}\n`);
    await chmod(file, 0o755);
  }
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
}

describe.each(['postgres15', 'mariadb'] as const)('%s', (engine) => {
  const [name] = programs[engine];
  const again = expect.stringContaining(`Remove the cause that ${name} names`);
  const failed = { code: 'backup.programFailed', hint: again } as const;

  it.each([
    [
      'fails half-way',
      `echo half; echo '${name}: error: the disk caught fire' >&2; exit 3`,
      { ...failed, serverMessage: expect.stringContaining('caught fire') },
    ],
    ['is killed half-way', 'echo half; kill -9 $$', failed],
    ['ends well with half a dump', 'echo half; exit 0', { code: 'backup.incomplete', hint: expect.any(String) }],
  ] as const)('a dump program that %s', async (_what, body, told) => {
    await using desk = await openDesk(engine);
    await desk.fill(towns);
    await impersonate(desk, engine, body);
    const state = expect.stringMatching(/^Nothing was changed\./);
    await expectRefusal(desk, { ...told, state }, () => desk.up(withBackup));
    const left = await readdir(path.join(desk.folder, 'data'), { recursive: true });
    expect(left.filter((file) => /backups.*\./.test(file))).toEqual([]);
    vi.unstubAllEnvs();
    await expectSuccess(desk.up(withBackup));
  });
});

it('a dump program older than the server', async (context) => {
  requireServer(context, 'postgres18');
  await using desk = await openDesk('postgres18');
  await desk.fill(towns);
  const told = {
    code: 'backup.programTooOld',
    message: expect.stringMatching(/pg_dump 1\d\S* .*too old for .* 18/),
    hint: expect.stringContaining('postgresql-client-18'),
  } as const;
  await expectRefusal(desk, told, () => desk.up(withBackup));
});
