// A keyring of its own inside `dbus-run-session`, for a shell.
import { execFileSync } from 'node:child_process';

export const unlock = 'printf keyring | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; ';

/** Also a keyring that was stopped. The bus is asked who it is. */
export const endKeyring =
  'kill -KILL $(dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets | cut -d" " -f5) 2>/dev/null;';

/** Why there can be none here; undefined: there can. */
export function keyringMissing(): string | undefined {
  if (process.platform !== 'linux') return 'gnome-keyring is for Linux';
  try {
    const programs = ['dbus-run-session', 'gnome-keyring-daemon', 'dbus-send'];
    execFileSync('sh', ['-c', programs.map((name) => `command -v ${name}`).join(' && ')], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'dbus or gnome-keyring is not installed';
  }
}
