// Backups that cannot be made: the run ends before its first migration, and tells what to install or repair.
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import {
  applied,
  attemptOf,
  type Desk,
  expectRefusal,
  expectSuccess,
  openDesk,
  pending,
  requireServer,
} from './support.ts';

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

  it.for([
    [
      'fails half-way',
      `echo half; echo '${name}: error: the disk caught fire' >&2; exit 3`,
      { ...failed, serverMessage: expect.stringContaining('caught fire') },
    ],
    ['is killed half-way', 'echo half; kill -9 $$', failed],
    ['ends well with half a dump', 'echo half; exit 0', { code: 'backup.incomplete', hint: expect.any(String) }],
  ] as const)('a dump program that %s', async ([, body, told], context) => {
    requireServer(context, engine);
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

it('no dump program for MariaDB', async (context) => {
  requireServer(context, 'mariadb');
  await using desk = await openDesk('mariadb');
  await desk.fill(towns);
  vi.stubEnv('PATH', path.join(desk.folder, 'nowhere'));
  const told = { code: 'backup.programMissing', hint: expect.stringContaining('mariadb-client') } as const;
  await expectRefusal(desk, told, () => desk.up(withBackup));
  vi.unstubAllEnvs();
  await expectSuccess(desk.up(withBackup));
});

/** Runs what follows where nothing is installed under this folder; for that process only. */
const hiding = (folder: string): string[] => [
  ...['unshare', '--mount', 'sh', '-c'],
  ...[`mount -t tmpfs none ${folder} && exec "$0" "$@"`],
];

it('no dump program for PostgreSQL', async (context) => {
  requireServer(context, 'postgres15');
  const [program = '', ...words] = hiding('/usr/lib/postgresql');
  if (spawnSync(program, [...words, 'true']).status !== 0) skipBecause(context, 'this account may not hide a folder');
  await using desk = await openDesk('postgres15');
  await desk.fill(towns);
  const told = { code: 'backup.programMissing', hint: expect.stringContaining('postgresql-client-15') } as const;
  const through = hiding('/usr/lib/postgresql');
  await expectRefusal(desk, told, async () => attemptOf(await desk.call(['up', '--backup'], { through })));
});
