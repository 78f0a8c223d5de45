/** What `npm install` brings: the command line and all it starts, and nothing of the workshop. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { dist, ensureBuilt } from '../e2e/built.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

test('holds what was built, the samples and nothing else', async () => {
  await ensureBuilt();
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root });
  const [packed] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const paths = packed.files.map(({ path }) => path);
  const needed = [
    'dist/cli.js',
    'dist/main.js',
    'dist/preload.cjs',
    'dist/start.js',
    'dist/sqlite-worker.js',
    'dist/sqlite-backup-worker.js',
    'dist/program-worker.js',
    'dist/keychain-worker.js',
    'dist/renderer/index.html',
    'migrations-samples/demo/lockkeeper.json',
  ];
  expect(paths).toEqual(expect.arrayContaining(needed));
  expect(
    paths.filter((path) => !/^(dist\/|migrations-samples\/|(package\.json|README\.md|LICENSE)$)/.test(path)),
  ).toEqual([]);
  expect(paths.filter((path) => /(^|\/)(\.env|.*\.(pem|key|map|log))$/.test(path))).toEqual([]);
});

test('its command looks at Node’s version before it loads anything else', async () => {
  await ensureBuilt();
  const launcher = await readFile(join(dist, 'cli.js'), 'utf8');
  expect(launcher).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(launcher).not.toMatch(/^import /m);
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-npm-'));
  try {
    // What follows the check would fail here: nothing lies beside the launcher.
    await writeFile(join(folder, 'cli.mjs'), launcher);
    const old = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' });`;
    const failed = await run(process.execPath, [
      '--import',
      `data:text/javascript,${old}`,
      join(folder, 'cli.mjs'),
    ]).then(
      () => expect.fail('it ran'),
      (error: { code: number; stderr: string }) => error,
    );
    expect(failed.code).toBe(2);
    expect(failed.stderr).toMatch(/^Lockkeeper needs Node 22\.18 or newer; .* Install Node 24 .*\n$/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
