/** Whether this computer can show Electron's window; npm's package brings its program on first use only. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type ElectronProgram = { readonly program: string } | { readonly missing: string };

export interface Computer {
  readonly platform: NodeJS.Platform;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
}

/** Milliseconds a download may keep a person waiting who wants a window. */
const patience = 20_000;

/** @param packageFolder of npm's package `electron`; null when it is not installed */
export async function findElectron(computer: Computer, packageFolder: string | null): Promise<ElectronProgram> {
  if (!hasDisplay(computer)) return { missing: 'there is no display' };
  if (computer.platform === 'linux' && computer.isRoot) return { missing: 'Electron’s sandbox does not work for root' };
  if (packageFolder === null) return { missing: 'Electron is not installed' };
  const program = await fetchElectron(packageFolder, patience);
  return program === null ? { missing: 'Electron’s program could not be downloaded' } : { program };
}

/** Windows and macOS have one whenever a person starts a program there. */
export function hasDisplay({ platform, variables }: Pick<Computer, 'platform' | 'variables'>): boolean {
  if (platform === 'win32' || platform === 'darwin') return variables['SSH_CONNECTION'] === undefined;
  return [variables['DISPLAY'], variables['WAYLAND_DISPLAY']].some(
    (display) => display !== undefined && display !== '',
  );
}

/** The package writes `path.txt` after everything is unpacked. */
export function installedProgram(packageFolder: string): string | null {
  const pathFile = join(packageFolder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const program = join(packageFolder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : null;
}

/** The program that is there, else downloaded within so many milliseconds; null where neither is possible. */
export async function fetchElectron(packageFolder: string, timeout: number): Promise<string | null> {
  return installedProgram(packageFolder) ?? (await download(packageFolder, timeout));
}

async function download(packageFolder: string, timeout: number): Promise<string | null> {
  const script = join(packageFolder, 'install.js');
  if (!existsSync(script)) return null;
  const child = spawn(process.execPath, [script], { stdio: 'ignore', timeout, killSignal: 'SIGKILL' });
  // Awaited whatever it says: what counts is whether the program is there.
  await Promise.race([once(child, 'exit'), once(child, 'error')]);
  return installedProgram(packageFolder);
}
