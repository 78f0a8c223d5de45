import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { archiveName, manifestPath } from '../../electron/backups/archive/archiveName.ts';
import type { BackupRequest } from '../../electron/backups/backupTaker.ts';
import { randomKey } from '../../electron/backups/encryption/archiveKey.ts';
import { flawWarning, knownFlaws } from '../../electron/backups/flaws.ts';
import { choosePgDump } from '../../electron/backups/postgres/programs.ts';
import {
  carryPrograms,
  type DumpProgram,
  findDumpPrograms,
  listDumpPrograms,
  parseVersion,
} from '../../electron/backups/programs.ts';
import { compareVersions } from '../../electron/backups/version.ts';
import type { Connection, EngineId } from '../../shared/model/environment.ts';
import { problemOf, temporaryFolder } from './support.ts';

async function program(folder: string, name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('Dump programs', () => {
  test('of this computer are found with their versions, the newest first, without the script that chooses one', async () => {
    const found = await listDumpPrograms();
    expect(found.map(({ engine }) => engine)).toEqual(expect.arrayContaining(['postgres', 'mysql']));
    for (const { path } of found) expect(basename(path)).not.toBe('pg_wrapper');
    expect(found.map(({ version }) => version)).toEqual(
      found.map(({ version }) => version).sort((a, b) => compareVersions(b, a)),
    );
  });

  test('are found once each, and only where they run', async () => {
    const folder = await temporaryFolder();
    const path = await program(
      folder,
      'mariadb-dump',
      'echo "mariadb-dump from 11.4.2-MariaDB, client 10.19 for Linux (x86_64)"',
    );
    await symlink(path, join(folder, 'mysqldump'));
    await program(folder, 'pg_dump', 'echo nonsense');
    const other = await temporaryFolder();
    await program(other, 'pg_dump', 'exit 1');
    await writeFile(join(other, 'mysqldump'), 'not to be run');
    expect(await findDumpPrograms([folder, other, join(folder, 'missing')])).toEqual([
      { engine: 'mysql', product: 'MariaDB', name: 'mariadb-dump', path, version: '11.4.2' },
    ]);
  });

  test('carried along in a folder of tools are found, with its special characters', async () => {
    const folder = join(await temporaryFolder(), 'tools [x]{a,b}');
    await mkdir(join(folder, 'mysql-9', 'bin'), { recursive: true });
    const path = await program(join(folder, 'mysql-9', 'bin'), 'mysqldump', 'echo "mysqldump  Ver 9.9.9 for Linux"');
    carryPrograms(folder);
    expect(await listDumpPrograms()).toContainEqual(expect.objectContaining({ product: 'MySQL', path }));
  });

  test.each([
    ['pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', 'PostgreSQL', '15.18'],
    ['pg_dump (PostgreSQL) 19beta1', 'PostgreSQL', '19'],
    ['mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)', 'MariaDB', '10.11.19'],
    ['mariadb-dump from 11.4.2-MariaDB, client 10.19 for Linux (x86_64)', 'MariaDB', '11.4.2'],
    ['mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)', 'MySQL', '8.0.36'],
    ['mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)', 'MySQL', '5.7.44'],
  ])('say their version: %s', (output, product, version) => {
    expect(parseVersion('dump', '/dump', output)).toMatchObject({ product, version });
  });

  const pgDump = (version: string): DumpProgram => ({
    engine: 'postgres',
    product: 'PostgreSQL',
    name: 'pg_dump',
    path: `/${version}/pg_dump`,
    version,
  });

  test('of PostgreSQL fit servers up to their own version', async () => {
    const programs = [pgDump('17.5'), pgDump('15.18')];
    expect(choosePgDump(programs, '15.18')).toMatchObject({ version: '17.5' });
    expect(choosePgDump(programs, '17.9 (Debian)')).toMatchObject({ version: '17.5' });
    expect(await problemOf(Promise.try(() => choosePgDump(programs, '18.4')))).toMatchObject({
      code: 'backup.programTooOld',
    });
  });

  const psql = ['CVE-2025-8714', 'CVE-2025-8715'];
  test.each([
    ['pg_dump (PostgreSQL) 12.22', [...psql, 'CVE-2026-18408', 'CVE-2026-116314'], 'a supported version'],
    ['pg_dump (PostgreSQL) 13.21', [...psql, 'CVE-2026-18408', 'CVE-2026-116314'], 'a supported version'],
    ['pg_dump (PostgreSQL) 13.22', ['CVE-2026-18408', 'CVE-2026-116314'], 'a supported version'],
    ['pg_dump (PostgreSQL) 14.18', [...psql, 'CVE-2026-18408', 'CVE-2026-116314'], '14.25 or newer'],
    ['pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', ['CVE-2026-18408', 'CVE-2026-116314'], '15.20 or newer'],
    ['pg_dump (PostgreSQL) 15.19', ['CVE-2026-116314'], '15.20 or newer'],
    ['pg_dump (PostgreSQL) 15.20', [], null],
    ['pg_dump (PostgreSQL) 17.5', [...psql, 'CVE-2026-18408', 'CVE-2026-116314'], '17.12 or newer'],
    ['pg_dump (PostgreSQL) 18.0', ['CVE-2026-18408', 'CVE-2026-116314'], '18.7 or newer'],
    ['pg_dump (PostgreSQL) 18.7', [], null],
    ['pg_dump (PostgreSQL) 19.0', [], null],
    ['mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)', ['CVE-2024-21096'], '8.0.37 or newer'],
    ['mysqldump  Ver 8.0.37 for Linux on x86_64 (MySQL Community Server - GPL)', [], null],
    [
      'mysqldump  Ver 8.3.0 for Linux on x86_64 (MySQL Community Server - GPL)',
      ['CVE-2024-21096'],
      'a supported version',
    ],
    ['mysqldump  Ver 8.4.0 for macos14 on arm64 (MySQL Community Server - GPL)', [], null],
    ['mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)', ['CVE-2024-21096'], 'a supported version'],
    [
      'mysqldump  Ver 10.19 Distrib 10.5.24-MariaDB, for debian-linux-gnu (x86_64)',
      ['CVE-2024-21096', 'CVE-2025-13699'],
      'a supported version',
    ],
    [
      'mysqldump  Ver 10.19 Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)',
      ['CVE-2024-21096', 'CVE-2025-13699'],
      '10.11.15 or newer',
    ],
    ['mysqldump  Ver 10.19 Distrib 10.11.14-MariaDB, for Linux (x86_64)', ['CVE-2025-13699'], '10.11.15 or newer'],
    ['mysqldump  Ver 10.19 Distrib 10.11.19-MariaDB, for Linux (x86_64)', [], null],
    [
      'mariadb-dump from 11.3.2-MariaDB, client 10.19 for Linux (x86_64)',
      ['CVE-2024-21096', 'CVE-2025-13699'],
      'a supported version',
    ],
    ['mariadb-dump from 11.4.2-MariaDB, client 10.19 for Linux (x86_64)', ['CVE-2025-13699'], '11.4.9 or newer'],
    ['mariadb-dump from 11.8.5-MariaDB, client 10.19 for Linux (x86_64)', [], null],
    ['mariadb-dump from 12.3.2-MariaDB, client 10.19 for Linux (x86_64)', [], null],
  ])('with known flaws are named: %s', (output, flaws, remedy) => {
    const program = parseVersion(output.split(' ')[0] ?? '', '/usr/bin/it', output);
    if (program === null) throw new Error('not recognised');
    expect(knownFlaws(program)).toEqual(flaws);
    const warning = flawWarning(program);
    expect(warning === null).toBe(remedy === null);
    if (remedy === null) return;
    expect(warning).toContain(`to ${remedy}.`);
    for (const flaw of flaws) expect(warning).toContain(flaw);
  });
});

test('An archive has a name that every file system takes', () => {
  const at = new Date('2026-11-20T07:24:44.269Z');
  const named = (engine: EngineId, environment: string, changed: object = {}): string => {
    const connection = { engine } as Connection;
    const request = { id: '01J', environment, connection, format: 'custom', key: null, ...changed };
    return archiveName(request as BackupRequest, at);
  };
  expect(named('postgres', 'Ward 7 / test')).toBe('Ward-7-test_20261120T072444Z_01J.pgdump.zst');
  expect(named('postgres', 'a', { format: 'plain' })).toBe('a_20261120T072444Z_01J.sql.zst');
  expect(named('mysql', '../../\u0000病棟')).toBe('backup_20261120T072444Z_01J.sql.zst');
  expect(named('sqlite', 'x'.repeat(300)).length).toBeLessThan(120);
  expect(named('sqlite', 'a', { key: randomKey() })).toBe('a_20261120T072444Z_01J.sqlite.zst.enc');
  expect(manifestPath('/b/a_01J.sqlite.zst.enc')).toBe('/b/a_01J.sqlite.json');
  expect(manifestPath('/b/e_20261120T072444Z_01J.sqlite.zst')).toBe('/b/e_20261120T072444Z_01J.sqlite.json');
});
