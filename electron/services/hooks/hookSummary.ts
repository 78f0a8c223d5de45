import type { Hook, HookSummary } from '../../../shared/model/hook.ts';
import type { Run } from '../../../shared/model/run.ts';
import type { Context } from '../context.ts';
import type { RunEnd } from '../finishRun.ts';
import { withoutSecrets } from '../redact.ts';

/** @param end null before the run */
export function hookSummary(context: Context, { name, moment }: Hook, run: Run, end: RunEnd | null): HookSummary {
  const environment = run.environmentId === null ? null : context.workspace.environments.find(run.environmentId);
  const { problem, backup } = { problem: end?.problem ?? null, backup: run.backup };
  return {
    format: 'lockkeeper hook 1',
    hook: name,
    moment,
    test: false,
    run: run.id,
    action: run.action,
    environment: run.environment,
    tier: environment?.tier ?? null,
    actor: run.actor,
    host: run.host,
    reason: run.reason,
    startedAt: run.startedAt,
    outcome: end?.outcome ?? null,
    problem: problem === null ? null : { code: problem.code, message: problem.message },
    steps: run.steps.map((step) => ({
      version: step.version,
      name: step.name,
      action: step.action,
      outcome: step.outcome,
      durationMs: step.durationMs,
    })),
    backup: backup === null ? null : { id: backup.id, level: backup.level },
  };
}

/** For somebody who tries the hook. */
export const sampleSummary = (context: Context, { name, moment }: Hook, environment: string): HookSummary => ({
  format: 'lockkeeper hook 1',
  hook: name,
  moment,
  test: true,
  run: '00000000000000000000000000',
  action: 'up',
  environment,
  tier: context.workspace.environments.find(environment)?.tier ?? null,
  actor: context.host.user,
  host: context.host.hostName,
  reason: null,
  startedAt: new Date(context.clock.now()).toISOString(),
  outcome: moment === 'before' ? null : 'succeeded',
  problem: null,
  steps: [],
  backup: null,
});

/** Whatever was typed or said into it. */
export const summaryText = (summary: HookSummary): string => withoutSecrets(JSON.stringify(summary));
