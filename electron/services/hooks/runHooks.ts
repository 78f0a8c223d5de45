/** The hooks of a run, in their order, as phases of it. */
import type { Hook, HookMoment, HookSummary } from '../../../shared/model/hook.ts';
import { nothingChanged, ProblemError } from '../../../shared/problem.ts';
import type { Context } from '../context.ts';
import type { RunEnd } from '../finishRun.ts';
import { redact } from '../redact.ts';
import type { LiveRun } from '../runRegistry.ts';
import { settingsOf } from '../settingsOf.ts';
import { runCommand } from './commandHook.ts';
import { hookSummary } from './hookSummary.ts';
import { postWebhook } from './webhook.ts';

/** @throws {ProblemError} `hook.failed`: the run must not begin */
export async function runHooksBefore(context: Context, live: LiveRun): Promise<void> {
  await inPhase(context, live, 'before', async (hook) => {
    await told(context, live, hook, null);
  });
}

/** Whatever they do, the run has ended as it has. */
export async function runHooksAfter(context: Context, live: LiveRun, end: RunEnd): Promise<void> {
  await inPhase(context, live, 'after', async (hook) => {
    try {
      await told(context, live, hook, end);
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown;
      live.emit({ type: 'warning', message: thrown.problem.message });
    }
  });
}

async function inPhase(
  context: Context,
  live: LiveRun,
  moment: HookMoment,
  perform: (hook: Hook) => Promise<void>,
): Promise<void> {
  const { environmentId, action } = live.run();
  const environment = environmentId === null ? null : context.workspace.environments.find(environmentId);
  const { hooks } = settingsOf(context, environment ?? { tier: 'production' });
  const own = hooks.filter((hook) => hook.moment === moment && hook.actions.includes(action));
  if (own.length === 0) return;
  const phase = moment === 'before' ? 'hooksBefore' : 'hooksAfter';
  live.emit({ type: 'phaseStarted', phase });
  for (const hook of own) await perform(hook);
  live.emit({ type: 'phaseFinished', phase });
}

async function told(context: Context, live: LiveRun, hook: Hook, end: RunEnd | null): Promise<void> {
  // A cancelled run's hooks after it are run all the same.
  const signal = end === null ? live.signal : new AbortController().signal;
  const output = await performHook(context, hook, hookSummary(context, hook, live.run(), end), signal);
  const said = output.trim() === '' ? 'done.' : output.trim();
  live.emit({ type: 'notice', step: null, severity: 'hook', message: `${hook.name}: ${said}` });
}

/** Resolves with what it said. @throws {ProblemError} `hook.failed` */
export async function performHook(
  context: Context,
  hook: Hook,
  summary: HookSummary,
  signal: AbortSignal,
): Promise<string> {
  try {
    return hook.kind === 'command'
      ? await runCommand(hook, summary, signal)
      : await postWebhook(context.credentials.keychain, hook, summary, signal);
  } catch (thrown) {
    throw new ProblemError(
      {
        code: 'hook.failed',
        message: `The hook “${hook.name}” failed: ${redact(messageOf(thrown), null)}`,
        state: hook.moment === 'before' ? nothingChanged : 'The run ended as it has, whatever its hooks do.',
        hint: `Try it: lockkeeper hook test "${hook.name}"`,
      },
      { cause: thrown },
    );
  }
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof ProblemError) return thrown.problem.message;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
