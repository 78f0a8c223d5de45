import { spawn } from 'node:child_process';

/** Opens `url` in the person's default browser. @param failed told when there is none to open */
export function openBrowser(url: string, platform: NodeJS.Platform, failed: () => void): void {
  const [program, ...args] = command(url, platform);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.once('error', failed);
  child.once('exit', (code) => {
    if (code !== 0) failed();
  });
  child.unref();
}

function command(url: string, platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open', url];
  // Not `start`: the shell that knows it would read the address's own characters.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}
