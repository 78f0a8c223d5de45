/** Builds the application once for all end-to-end tests, and again only when a source is newer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

const root = join(import.meta.dirname, '..', '..');
export const dist = join(root, 'dist');

const cache = join(root, 'node_modules', '.cache');
const lock = join(cache, 'lockkeeper-build');

/** Test files run in several processes: one builds, the others wait for it. */
export async function ensureBuilt(): Promise<void> {
  await mkdir(cache, { recursive: true });
  while (!(await takeLock())) await pause(200);
  try {
    if (isStale()) for (const args of [['build'], ['build', '--mode', 'node']]) await vite(args);
  } finally {
    rmSync(lock, { force: true });
  }
}

async function takeLock(): Promise<boolean> {
  try {
    const file = await open(lock, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch {
    if (!(await holderLives())) rmSync(lock, { force: true });
    return false;
  }
}

async function holderLives(): Promise<boolean> {
  const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
  // Taken, but not signed yet: its holder is about to.
  if (holder === 0) return true;
  try {
    return process.kill(holder, 0);
  } catch {
    return false;
  }
}

function isStale(): boolean {
  const made = ['renderer/index.html', 'start.js', 'preload.cjs'].map((name) => changedAt(join(dist, name)) ?? 0);
  const sources = ['electron', 'renderer', 'shared'].flatMap((folder) => globSync(`${folder}/**/*.*`, { cwd: root }));
  const changes = [...sources, 'vite.config.ts', 'package.json'].map((file) => changedAt(join(root, file)) ?? 0);
  return Math.max(...changes) > Math.min(...made);
}

const changedAt = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.mtimeMs;

async function vite(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), ...args], {
    cwd: root,
    // The test runner's own value would bring React's development build.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [words, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  if (code !== 0) throw new Error(`vite ${args.join(' ')} failed:\n${words}`);
}
