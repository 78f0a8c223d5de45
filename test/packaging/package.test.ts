/**
 * Packages with electron-builder itself, around a stand-in of Electron's files: it proves what lies where, the fuses, and
 * that the packaged command line works; not that a window opens.
 */
import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { childEntry, outsideArchive } from '../../electron/engine/childEntry.ts';
import { ensureBuilt } from '../e2e/built.ts';
import { testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { ourFuses, readFuses, shippedWire } from './fuses.ts';

const root = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const builder = dirname(require.resolve('electron-builder/package.json'));
const run = promisify(execFile);

test('electron-builder’s own schema accepts the configuration, and would not accept a misspelt fuse', async () => {
  const { getConfig, validateConfiguration } = createRequire(join(builder, 'cli.js'))(
    'app-builder-lib/out/util/config/config.js',
  ) as {
    getConfig(project: string, path: null, overrides: null): Promise<{ electronFuses: object }>;
    validateConfiguration(configuration: object, debugLogger: { isEnabled: false }): Promise<void>;
  };
  const configuration = await getConfig(root, null, null);
  await expect(validateConfiguration(configuration, { isEnabled: false })).resolves.toBeUndefined();
  expect(configuration.electronFuses).toEqual(ourFuses);
  const misspelt = { ...configuration, electronFuses: { runAsnode: false } };
  await expect(validateConfiguration(misspelt, { isEnabled: false })).rejects.toThrow('configuration.electronFuses');
});

test.each([
  ['file:///opt/l/resources/app.asar/dist/main.js', 'file:///opt/l/resources/app.asar.unpacked/dist/b.js'],
  ['file:///opt/l/resources/app.asar.unpacked/dist/cli.js', 'file:///opt/l/resources/app.asar.unpacked/dist/b.js'],
  ['file:///home/a/lockkeeper/dist/main.js', 'file:///home/a/lockkeeper/dist/b.js'],
  ['file:///home/a/lockkeeper/electron/c/d.ts', 'file:///home/a/lockkeeper/electron/c/a.ts'],
])('what %s starts begins outside of the archive', (here, expected) => {
  expect(childEntry(here, './a.ts', './b.js').href).toBe(expected);
});

test('a path of Windows leaves the archive, too', () => {
  expect(outsideArchive('C:\\l\\resources\\app.asar\\dist')).toBe('C:\\l\\resources\\app.asar.unpacked\\dist');
});

test('the fuses of every package that was built here are ours', async (context) => {
  const programs = globSync(
    'release/{*-unpacked/{lockkeeper-desktop,Lockkeeper.exe},mac*/Lockkeeper.app/Contents/Frameworks/Electron Framework.framework/Versions/A/Electron Framework}',
    { cwd: root },
  );
  if (programs.length === 0) skipBecause(context, 'no package was built on this computer (npm run package)');
  for (const program of programs) expect(await readFuses(join(root, program))).toMatchObject(ourFuses);
});

describe.runIf(process.platform === 'linux')('a package', () => {
  let folder: string;
  let application: string;
  let resources: string;

  beforeAll(async () => {
    await ensureBuilt();
    folder = await mkdtemp(join(tmpdir(), 'lockkeeper-package-'));
    const electron = join(folder, 'electron');
    await mkdir(join(electron, 'resources'), { recursive: true });
    await mkdir(join(electron, 'locales'));
    await writeFile(join(electron, 'electron'), shippedWire(), { mode: 0o755 });
    const args = [join(builder, 'cli.js'), '--linux', '--dir', '--publish', 'never'];
    const places = [`-c.electronDist=${electron}`, `-c.directories.output=${join(folder, 'out')}`];
    await run(process.execPath, [...args, ...places], { cwd: root });
    const [unpacked = expect.fail('nothing was packaged')] = globSync(join(folder, 'out', '*-unpacked'));
    application = unpacked;
    resources = join(application, 'resources');
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('has its fuses set', async () => {
    expect(await readFuses(join(application, 'lockkeeper-desktop'))).toMatchObject(ourFuses);
  });

  test('keeps the main process in its archive and everything that plain Node needs outside', async () => {
    const outside = join(resources, 'app.asar.unpacked');
    for (const name of ['main.js', 'preload.cjs', 'cli.js', 'renderer/index.html'])
      expect([name, existsSync(join(outside, 'dist', name))]).toEqual([name, !/^(main|preload)/.test(name)]);
    expect(globSync('dist/window-*', { cwd: outside })).toEqual([]);
    expect(globSync('dist/*-worker.js', { cwd: outside }).sort()).toEqual(
      ['keychain', 'program', 'report', 'sqlite-backup', 'sqlite'].map((name) => `dist/${name}-worker.js`),
    );
    const packed = await packedFiles(join(resources, 'app.asar'));
    expect(packed).toEqual(expect.arrayContaining(['dist/main.js', 'dist/preload.cjs']));
    expect(packed.filter((name) => !/^(dist\/(main\.js|preload\.cjs|window-.*\.js)|LICENSE)$/.test(name))).toEqual([]);
  });

  test('its command line migrates a database with a program of our own, on the Node beside it, through a link', async () => {
    await using database = await testDatabase('sqlite');
    const link = join(folder, 'lockkeeper');
    await symlink(join(resources, 'lockkeeper'), link);
    const source = join(resources, 'app.asar.unpacked/migrations-samples/lockkeeper/javascript');
    const call = (...args: string[]) =>
      run(link, [...args, '--url-env', 'DB', '--source', source, '--json'], {
        env: { PATH: '/usr/bin:/bin', DB: database.url, LOCKKEEPER_HOME: join(folder, 'home') },
      }).catch((failed: { stdout: string }) => failed);
    const refused = await call('up');
    const code = /--accept (trust:[\da-f]+)/.exec(refused.stdout)?.[1] ?? expect.fail(refused.stdout);
    const done = await call('up', '--accept', code);
    expect(JSON.parse(done.stdout)).toMatchObject({ outcome: 'succeeded' });
  });

  test('its packages load on that Node, from where the bundles look for them', async () => {
    const script = `
      const { statSync } = await import('node:fs');
      const { createRequire } = await import('node:module');
      const { parse } = await import('libpg-query');
      const { default: Database } = await import('better-sqlite3');
      const { stmts } = await parse('select 1');
      const { answer } = new Database(':memory:').prepare('select 42 as answer').get();
      const keychain = import.meta.resolve('@github/keytar').includes('/app.asar.unpacked/');
      const builder = new URL('dist/legacy/migrationBuilder.js', import.meta.resolve('node-pg-migrate/package.json'));
      const { MigrationBuilder } = await import(builder);
      const font = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf');
      console.log(JSON.stringify([stmts.length, answer, keychain, typeof MigrationBuilder, statSync(font).size > 0]));`;
    const file = join(resources, 'app.asar.unpacked/dist/check.mjs');
    await writeFile(file, script);
    const { stdout } = await run(join(resources, 'node'), [file]);
    expect(JSON.parse(stdout)).toEqual([1, 42, true, 'function', true]);
  });

  test('is portable when the folder for its data lies beside it', async () => {
    const data = join(application, 'lockkeeper-data');
    await mkdir(data);
    await run(join(resources, 'lockkeeper'), ['env', 'list', '--json'], { env: { PATH: '/usr/bin:/bin' } });
    expect(globSync('*', { cwd: data })).not.toEqual([]);
    await rm(data, { recursive: true });
  });
});

/** Files that lie in an archive itself: its header is JSON after four numbers, the last being its length. */
async function packedFiles(archive: string): Promise<string[]> {
  await using file = await open(archive);
  const { buffer: sizes } = await file.read(Buffer.alloc(16), 0, 16, 0);
  const length = sizes.readUInt32LE(12);
  const { buffer: header } = await file.read(Buffer.alloc(length), 0, length, 16);
  return filesIn(JSON.parse(header.toString('utf8')) as Folder, '');
}

interface Folder {
  readonly files: Readonly<Record<string, Folder | { readonly files?: undefined; readonly unpacked?: boolean }>>;
}

const filesIn = ({ files }: Folder, path: string): string[] =>
  Object.entries(files).flatMap(([name, entry]) => {
    if (entry.files !== undefined) return filesIn(entry, `${path}${name}/`);
    return entry.unpacked === true ? [] : [`${path}${name}`];
  });

test('the launcher of Windows starts the same file', async () => {
  expect(await readFile(join(root, 'electron/packaging/lockkeeper.cmd'), 'utf8')).toContain(
    '"%~dp0node.exe" "%~dp0app.asar.unpacked\\dist\\cli.js" %*',
  );
});
