// Stops the process that is to die at exact places of its own: before every write, sync and rename of a file, and before
// every message to and from the process that holds a SQLite connection. Imported before the program it watches.
import childProcess, { type ChildProcess, type ForkOptions } from 'node:child_process';
import files, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import type { FromWorker, Request, ToWorker } from '../../electron/databases/sqlite/protocol.ts';

/** How it goes on from a place; `torn`: half of it is written, then it fails. */
export type Going = 'go' | 'torn' | 'EIO' | 'ENOSPC';
export type Stop = (place: string) => Going;

let stop: Stop = () => 'go';

/** From now on every place is told. */
export function watch(told: Stop): void {
  stop = told;
}

const paths = new WeakMap<FileHandle, string>();

/** What it is, so that its places can be named. */
function nameOf(path: string | undefined): string {
  if (path === undefined) return 'file';
  if (/[/\\]runs[/\\].*journal/.test(path)) return 'journal';
  if (/[/\\]runs[/\\].*scripts/.test(path)) return 'scripts';
  if (/[/\\]runs[/\\]/.test(path)) return 'events';
  if (/[/\\]backups$/.test(path)) return 'backupFolder';
  if (/[/\\]backups[/\\]/.test(path)) return /json/.test(basename(path)) ? 'manifest' : 'archive';
  return 'file';
}

const failure = (code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: a write was made to fail`), { code, errno: -1, syscall: 'write' });

const half = (data: unknown): unknown =>
  typeof data === 'string' || data instanceof Uint8Array ? data.slice(0, Math.floor(data.length / 2)) : data;

/** Whatever is called passes `stop` first. */
function guard(
  owner: object,
  method: string,
  place: (self: unknown, args: readonly unknown[]) => string,
  dataAt: number | null = null,
): void {
  const real: unknown = Reflect.get(owner, method);
  if (typeof real !== 'function') throw new Error(`there is no ${method} to watch`);
  Reflect.set(owner, method, async function (this: unknown, ...args: unknown[]) {
    const going = stop(place(this, args));
    if (going === 'torn' && dataAt !== null) {
      await real.apply(this, args.with(dataAt, half(args[dataAt])));
      throw failure('EIO');
    }
    if (going !== 'go') throw failure(going === 'torn' ? 'EIO' : going);
    return real.apply(this, args);
  });
}

async function watchFiles(): Promise<void> {
  const sample = await files.open('/dev/null');
  const handle: object = Object.getPrototypeOf(sample);
  await sample.close();
  const ofHandle = (what: string) => (self: unknown) => `${nameOf(paths.get(self as FileHandle))} ${what}`;
  for (const method of ['appendFile', 'write', 'writeFile', 'writev']) guard(handle, method, ofHandle('write'), 0);
  for (const method of ['sync', 'datasync']) guard(handle, method, ofHandle('sync'));
  guard(files, 'rename', (_, [path]) => `${nameOf(String(path))} rename`);
  guard(files, 'writeFile', (_, [path]) => `${nameOf(String(path))} write`, 1);
  const { open } = files;
  files.open = async (path, ...rest) => {
    const opened = await open(path, ...rest);
    paths.set(opened, String(path));
    return opened;
  };
}

/** `fork` is for the processes that hold SQLite connections. */
function watchSqlite(): void {
  const { fork } = childProcess;
  Reflect.set(childProcess, 'fork', (file: string, args: readonly string[], options: ForkOptions): ChildProcess => {
    const child = fork(file, args, options);
    tellBefore(child, 'send', ([message]) => {
      const { request } = message as ToWorker & { request?: Request };
      return `sqlite ${request?.type ?? 'cancel'} ${JSON.stringify(request ?? null).slice(0, 4_000)}`;
    });
    tellBefore(child, 'emit', ([event, message]) =>
      event === 'message' ? `sqlite answer ${(message as FromWorker).type}` : null,
    );
    return child;
  });
}

/** Null: not worth stopping at. */
function tellBefore(owner: object, method: string, place: (args: readonly unknown[]) => string | null): void {
  const real: unknown = Reflect.get(owner, method);
  if (typeof real !== 'function') throw new Error(`there is no ${method} to watch`);
  Reflect.set(owner, method, (...args: unknown[]): unknown => {
    const told = place(args);
    if (told !== null) stop(told);
    return real.apply(owner, args);
  });
}

await watchFiles();
watchSqlite();
syncBuiltinESMExports();
