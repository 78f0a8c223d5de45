/** Runs a hook's command: no shell, an environment of its own, its whole process group ended at the limit. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Hook, HookSummary } from '../../../shared/model/hook.ts';
import { withoutSecrets } from '../redact.ts';
import { summaryText } from './hookSummary.ts';

/** Characters kept of what a hook says. */
export const keptOutput = 65_536;

/** All that a command gets of our environment: nothing in which a password is kept. */
const passedOn = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'SYSTEMROOT', 'WINDIR', 'TEMP', 'TMP', 'USERPROFILE'];

/** Resolves with what it said. @throws {Error} when it failed, or was ended */
export async function runCommand(
  { command, folder = tmpdir(), timeoutSeconds }: Extract<Hook, { kind: 'command' }>,
  summary: HookSummary,
  signal: AbortSignal,
): Promise<string> {
  const [program = '', ...words] = command;
  await requireFolder(folder);
  const child = spawn(program, words, {
    cwd: folder,
    env: environmentOf(summary),
    // A process group of its own, so that what it starts ends with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  const ending = AbortSignal.any([limit, signal]);
  const kill = () => endGroup(child);
  ending.addEventListener('abort', kill, { once: true });
  try {
    return await ended(child, summaryText(summary));
  } catch (thrown) {
    if (limit.aborted) throw new Error(`It did not end within ${timeoutSeconds} seconds.`, { cause: thrown });
    if (signal.aborted) throw new Error('It was ended, as the run was cancelled.', { cause: thrown });
    throw thrown;
  } finally {
    ending.removeEventListener('abort', kill);
    endGroup(child);
  }
}

/** Without it the failure would be told as one of the program. */
async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) throw new Error(`The folder ${folder} cannot be worked in.`);
}

function environmentOf(summary: HookSummary): NodeJS.ProcessEnv {
  const own = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const told = {
    LOCKKEEPER_HOOK: summary.hook,
    LOCKKEEPER_MOMENT: summary.moment,
    LOCKKEEPER_RUN: summary.run,
    LOCKKEEPER_ACTION: summary.action,
    LOCKKEEPER_ENVIRONMENT: summary.environment,
    LOCKKEEPER_TIER: summary.tier ?? '',
    LOCKKEEPER_OUTCOME: summary.outcome ?? '',
    LOCKKEEPER_PROBLEM: summary.problem?.code ?? '',
    LOCKKEEPER_VERSIONS: summary.steps.map(({ version }) => version).join(' '),
    LOCKKEEPER_TEST: summary.test ? '1' : '',
  };
  const safe = Object.entries(told).map(([name, value]) => [name, withoutSecrets(value).replaceAll('\0', '')]);
  return Object.fromEntries([...own, ...safe]);
}

function ended(child: ChildProcessWithoutNullStreams, input: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, keptOutput);
    });
  // A command need not read what it is told.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  child.once('error', reject);
  // What it has started may keep its output open for ever: its own end counts.
  child.once('exit', (code, ending) =>
    setImmediate(() => {
      if (code === 0) resolve(output);
      else reject(new Error(`It ended with ${ending ?? `code ${code}`}.${output === '' ? '' : ` It said: ${output}`}`));
    }),
  );
  return promise;
}

function endGroup({ pid }: ChildProcessWithoutNullStreams): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}
