// Cancelling, a full disk and killed processes, the same on every engine.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { partialName } from '../../electron/backups/archive/leftovers.ts';
import type { BackupRequest } from '../../electron/backups/backupTaker.ts';
import { SecretFolder } from '../../electron/backups/process/secretFolder.ts';
import { backupTakerFor } from '../../electron/backups/registry.ts';
import { mariadb, postgres15 } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import {
  fileRequest,
  filesIn,
  networkRequest,
  never,
  problemOf,
  processesWith,
  quiet,
  take,
  temporaryFolder,
} from './support.ts';

/** Some 20 MB that do not compress: more than all buffers on the way hold together. */
const engines = {
  postgres: async (): Promise<BackupRequest> => {
    const server = await postgres15();
    const database = await server.createDatabase();
    onTestFinished(() => database[Symbol.asyncDispose]());
    await database.query(
      'CREATE EXTENSION pgcrypto; CREATE TABLE patient AS SELECT gen_random_bytes(1000) AS noise FROM generate_series(1, 20000)',
    );
    return networkRequest(server, database.name);
  },
  mysql: async (): Promise<BackupRequest> => {
    const server = await mariadb();
    const database = await server.createDatabase();
    onTestFinished(() => database[Symbol.asyncDispose]());
    await database.query('CREATE TABLE patient (noise blob)');
    await database.query('INSERT INTO patient SELECT random_bytes(1000) FROM seq_1_to_20000');
    // The size shown in the catalogue is a statistic.
    await database.query('ANALYZE TABLE patient');
    return networkRequest(server, database.name);
  },
  sqlite: async (): Promise<BackupRequest> => {
    const file = join(await temporaryFolder(), 'ward.db');
    const database = new Database(file);
    database.exec(
      'CREATE TABLE patient (noise BLOB); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO patient SELECT randomblob(1000) FROM n',
    );
    database.close();
    return fileRequest(file);
  },
} as const;

const databaseOf = ({ connection }: BackupRequest): string =>
  connection.engine === 'sqlite' ? connection.file : connection.database;

describe.each(['postgres', 'mysql', 'sqlite'] as const)('A backup of %s', (engine) => {
  const taker = backupTakerFor(engine);

  test('that is cancelled leaves no file and no process, and the session usable', async () => {
    const request = await engines[engine]();
    const preflight = await taker.preflight(request);
    const cancelling = new AbortController();
    const problem = await problemOf(taker.take(request, preflight, () => cancelling.abort(), cancelling.signal));
    expect(problem.code).toBe('backup.cancelled');
    expect(await filesIn(request.folder)).toEqual([]);
    expect(processesWith(databaseOf(request)).filter(({ commandLine }) => commandLine.includes('dump'))).toEqual([]);
    await expect(take(taker, request)).resolves.toMatchObject({ level: 'taken' });
  });

  test('that is cancelled before it starts does nothing', async () => {
    const request = await engines[engine]();
    const problem = await problemOf(taker.take(request, await taker.preflight(request), quiet, AbortSignal.abort()));
    expect(problem.code).toBe('backup.cancelled');
    expect(await filesIn(request.folder)).toEqual([]);
  });

  test('whose check is cancelled is not called damaged', async () => {
    const request = await engines[engine]();
    const backup = await take(taker, request);
    const cancelling = new AbortController();
    expect(await problemOf(taker.check(backup, cancelling.signal, () => cancelling.abort()))).toMatchObject({
      code: 'backup.cancelled',
      message: expect.stringContaining('Checking'),
    });
    expect(await filesIn(request.folder)).toHaveLength(2);
    expect(await taker.check(backup, never)).toBeNull();
  });

  test('that meets a full disk leaves no file', async (context) => {
    const folder = await temporaryFolder();
    if (process.platform !== 'linux' || process.getuid?.() !== 0)
      skipBecause(context, 'only root on Linux can mount a small file system');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
    } catch (error) {
      skipBecause(context, `a small file system cannot be mounted: ${String(error)}`);
    }
    onTestFinished(() => void execFileSync('umount', [folder]));
    const request = await engines[engine]();
    const preflight = await taker.preflight(request);
    expect(await problemOf(taker.take({ ...request, folder }, preflight, quiet, never))).toMatchObject({
      code: 'backup.diskFull',
      state: expect.stringContaining('No file'),
    });
    expect(await filesIn(folder)).toEqual([]);
    expect(await problemOf(taker.preflight({ ...request, folder }))).toMatchObject({
      code: 'backup.diskFull',
      message: expect.stringContaining('MB are free'),
    });
  });

  test('into a folder that cannot be is refused', async () => {
    const request = await engines[engine]();
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const problem = await problemOf(
      taker.take({ ...request, folder: join(file, 'folder') }, await taker.preflight(request), quiet, never),
    );
    expect(problem.code).toBe('backup.folder');
  });

  test('removes what a killed process left, and nothing else', async () => {
    const request = await engines[engine]();
    const ended = fork('-e', [], { execArgv: ['-e', '0'], stdio: 'ignore' });
    await once(ended, 'exit');
    const left = partialName('archive').replace(`.${process.pid}.`, `.${ended.pid}.`);
    const inUse = partialName('archive');
    for (const name of [left, inUse, '.archive.elsewhere.1.partial', 'other.zst'])
      await writeFile(join(request.folder, name), '');
    await mkdir(join(request.folder, left.replace('archive', 'folder')));
    await take(taker, request);
    expect(await filesIn(request.folder)).toEqual(
      expect.arrayContaining([inUse, '.archive.elsewhere.1.partial', 'other.zst']),
    );
    expect(await filesIn(request.folder)).toHaveLength(5);
  });
});

describe('A password', () => {
  test.each(['postgres', 'mysql'] as const)(
    'is in no command line, environment or file of a backup of %s',
    async (engine) => {
      const taker = backupTakerFor(engine);
      const request = await engines[engine]();
      const canary = request.password ?? '';
      expect(canary).toHaveLength(32);
      const preflight = await taker.preflight(request);
      const seen: ReturnType<typeof processesWith>[number][] = [];
      const backup = await taker.take(
        request,
        preflight,
        () => void seen.push(...processesWith(databaseOf(request))),
        never,
      );
      expect(seen.some(({ commandLine }) => /pg_dump|mariadb-dump/.test(commandLine))).toBe(true);
      expect(seen.some(({ environment }) => /LC_ALL=C/.test(environment))).toBe(true);
      for (const { commandLine, environment } of seen) expect(commandLine + environment).not.toContain(canary);
      for (const name of await filesIn(request.folder))
        expect((await readFile(join(request.folder, name))).includes(canary)).toBe(false);
      expect(JSON.stringify([backup, preflight])).not.toContain(canary);
    },
  );

  test('is in a folder for this user only, gone after use, after exit, and after a kill at the next use', async () => {
    const secrets = await SecretFolder.create();
    const file = await secrets.write('pgpass', 'CANARY');
    const modes = execFileSync('stat', ['-c', '%a', secrets.path, file], { encoding: 'utf8' });
    expect(modes).toBe('700\n600\n');
    await secrets.remove();
    await secrets.remove();
    expect(existsSync(secrets.path)).toBe(false);

    const leave = (how: string) => `
      const { SecretFolder } = await import(${JSON.stringify(new URL('../../electron/backups/process/secretFolder.ts', import.meta.url).href)});
      const secrets = await SecretFolder.create();
      await secrets.write('pgpass', 'CANARY');
      process.stdout.write(secrets.path, () => ${how});`;
    const run = (how: string): string => {
      try {
        return execFileSync(process.execPath, ['--input-type=module', '-e', leave(how)], { encoding: 'utf8' });
      } catch (error) {
        return String((error as { stdout: unknown }).stdout);
      }
    };
    expect(existsSync(run('process.exit(3)'))).toBe(false);
    const killed = run("process.kill(process.pid, 'SIGKILL')");
    expect(existsSync(killed)).toBe(true);
    await (await SecretFolder.create()).remove();
    expect(existsSync(killed)).toBe(false);
  });
});
