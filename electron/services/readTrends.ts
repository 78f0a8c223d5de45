/** Durations of runs and migrations and sizes of backups over time, from what the workspace keeps. A question. */
import type { Backup } from '../../shared/model/backup.ts';
import type { Run, RunStep } from '../../shared/model/run.ts';
import type { BackupSize, RunDuration, StepDuration, Trends } from '../../shared/model/trends.ts';
import type { Context } from './context.ts';

/** A chart of more would show nothing more, and each run is read whole. */
const most = { runs: 2_000, steps: 20_000, backups: 5_000 };

/** `environment`: its name; null: all. */
export function readTrends(context: Context, environment: string | null): Trends {
  const steps: StepDuration[] = [];
  const runs: RunDuration[] = [];
  let seen = 0;
  let shortened = false;
  for (const run of context.workspace.runs.newest(most.runs)) {
    seen += 1;
    if (environment !== null && run.environment !== environment) continue;
    if (steps.length + run.steps.length > most.steps) {
      shortened = true;
      break;
    }
    runs.push(...durationOf(run));
    steps.push(...run.steps.flatMap((step) => stepDuration(run, step)));
  }
  const backups = context.workspace.backups.list({ environment });
  return {
    steps: steps.sort(byTime),
    runs: runs.reverse(),
    backups: backups.slice(0, most.backups).flatMap(sizeOf).reverse(),
    shortened: shortened || seen === most.runs || backups.length > most.backups,
  };
}

const byTime = (one: { readonly at: string }, other: { readonly at: string }): number =>
  one.at < other.at ? -1 : one.at > other.at ? 1 : 0;

/** What failed or was cancelled tells nothing of how long it takes. */
function durationOf({ id, environment, action, outcome, startedAt, finishedAt }: Run): RunDuration[] {
  if (outcome !== 'succeeded' || finishedAt === null) return [];
  return [{ at: startedAt, environment, action, durationMs: Date.parse(finishedAt) - Date.parse(startedAt), run: id }];
}

function stepDuration(run: Run, { action, version, name, outcome, startedAt, durationMs }: RunStep): StepDuration[] {
  if (outcome !== 'succeeded' || durationMs === null || (action !== 'apply' && action !== 'revert')) return [];
  const at = startedAt ?? run.startedAt;
  return [{ at, environment: run.environment, version, name, action, durationMs, run: run.id }];
}

/** Somebody else's snapshot has no size that we know. */
function sizeOf({ id, environment, takenAt, covers, bytes, durationMs, external }: Backup): BackupSize[] {
  return external === undefined ? [{ at: takenAt, environment, id, covers, bytes, durationMs }] : [];
}
