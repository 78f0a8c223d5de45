// The same as finish.ts by the command line, as somebody at a terminal would.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { interruptedRun } from './finish.ts';
import type { CrashDatabase } from './targets.ts';

const program = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url));
const answers = ['--no-backup', '--reason', 'crash test'];
const hazards = ['dataLoss', 'retryFailed', 'retryInterrupted'].flatMap((code) => ['--accept', code]);

/** Exit codes of cli.md: done, and everything is as it should be already. */
const good: readonly number[] = [0];
/** Resuming a run of which nothing is left, or that never began, is refused as a mistake. */
const nothingToResume: readonly number[] = [0, 2];

/** Null: all is done; else what the command that failed said. */
export async function finishByCommand(bench: Bench, database: CrashDatabase): Promise<string | null> {
  const request = bench.request(database, true);
  if (request.kind !== 'adHoc') throw new Error('the database is no environment');
  const common = ['--json', '--non-interactive', '--url-env', 'CRASH_URL', '--source', request.overrides?.path ?? ''];
  const run = async (command: readonly string[], allowed: readonly number[]): Promise<string | null> => {
    const args = [program, ...command, ...common, '--set', `db=${database.name}`];
    const env = { ...process.env, LOCKKEEPER_HOME: bench.dataDirectory, CRASH_URL: request.url };
    const { code, output } = await execute(args, env);
    return allowed.includes(code) ? null : `${command.slice(0, 2).join(' ')} ended with ${code}: ${output.slice(-600)}`;
  };
  const interrupted = await interruptedRun(bench.backend.context, request);
  return (
    (interrupted === null ? null : await run(['run', 'reconcile', interrupted, '--wait'], nothingToResume)) ??
    (interrupted === null
      ? null
      : await run(['run', 'resume', interrupted, ...answers, ...hazards], nothingToResume)) ??
    run(['up', ...answers, ...hazards], good)
  );
}

function execute(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 255), output: `${stdout}\n${stderr}` });
    });
  });
}
