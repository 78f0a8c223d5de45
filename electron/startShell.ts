/** Electron's window where it can be had, else the same interface in a browser. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire, flushCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { problemFrom } from '../shared/problem.ts';
import { report } from './rpc/report.ts';
import { type Computer, findElectron, hasDisplay } from './shell/electronProgram.ts';

const computer: Computer = { platform: process.platform, variables: process.env, isRoot: process.getuid?.() === 0 };

/** Milliseconds within which a window that cannot be opened has given up. */
const startingTime = 10_000;

try {
  const found = await findElectron(computer, electronPackage());
  const missing = 'program' in found ? await showWindow(found.program) : found.missing;
  if (missing !== null) await serveInstead(missing);
} catch (thrown) {
  const { message, hint, serverMessage } = problemFrom(thrown);
  console.error([message, hint, serverMessage ?? ''].join('\n').trimEnd());
  process.exitCode = 1;
}

function electronPackage(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    // An installation without development dependencies has none.
    return null;
  }
}

/** Resolves when the window was closed: null, or why none could be shown. */
async function showWindow(program: string): Promise<string | null> {
  const { ELECTRON_RUN_AS_NODE: _, ...variables } = process.env;
  const startedAt = performance.now();
  const child = spawn(program, [dirname(import.meta.dirname)], {
    stdio: 'inherit',
    env: { ...variables, LOCKKEEPER_NODE: process.execPath },
  });
  // Ctrl+C reaches the window too, which ends in its own time.
  let interrupted = false;
  process.on('SIGINT', () => {
    interrupted = true;
  });
  const ended = await Promise.race([once(child, 'exit'), once(child, 'error')]);
  process.removeAllListeners('SIGINT');
  const [outcome, signal]: unknown[] = ended;
  if (outcome === 0 || interrupted) return null;
  if (performance.now() - startedAt < startingTime)
    return `Electron’s window did not open (${String(outcome ?? signal)})`;
  process.exitCode = 1;
  return null;
}

async function serveInstead(missing: string): Promise<void> {
  const say = (line: string): void => console.log(line);
  say(`No window, since ${missing}: the same interface is served in the browser.`);
  // Electron's window has these in a process of its own.
  const [{ compose }, { serve }] = await Promise.all([import('./compose.ts'), import('./http/serve.ts')]);
  const backend = await compose({ shell: 'browser' });
  await backend.beforeOpening(say);
  backend.afterOpening(say).catch(report);
  const announce = (line: string): void => {
    say(line);
    // A server ends by a signal, and perhaps by one that leaves it no time.
    flushCompileCache();
  };
  await serve(backend, { port: 0, open: hasDisplay(computer), api: null, announce, say });
}
