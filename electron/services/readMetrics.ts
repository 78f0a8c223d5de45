/** What a monitoring system asks: from the workspace alone, no connection is made. */

import { satisfies } from '../../shared/model/backup.ts';
import type { Tier } from '../../shared/model/environment.ts';
import type { RunCount } from '../workspace/runs.ts';
import type { Context } from './context.ts';
import { lastKnown } from './lastKnown.ts';

/** Seconds by which durations of runs are told apart. */
export const durationLimits = [1, 5, 15, 60, 300, 900, 3600, 14_400] as const;

interface EnvironmentMetrics {
  readonly environment: string;
  readonly tier: Tier;
  /** As last read; null: never. */
  readonly known: {
    readonly pending: number;
    readonly attention: number;
    readonly reached: boolean;
    readonly lockHeld: boolean;
    readonly ageSeconds: number;
  } | null;
  readonly running: number;
  /** Seconds since the newest whole backup, and since the newest proven one; null: there is none. */
  readonly backupAgeSeconds: number | null;
  readonly provenAgeSeconds: number | null;
}

export interface Metrics {
  readonly version: string;
  readonly runs: readonly RunCount[];
  readonly environments: readonly EnvironmentMetrics[];
}

/** @param maySee by an environment's id */
export function readMetrics(context: Context, maySee: (environmentId: string) => boolean): Metrics {
  const { workspace, clock, host } = context;
  const environments = workspace.environments.list().filter(({ id }) => maySee(id));
  const names = new Set(environments.map(({ name }) => name));
  const active = context.runs.active();
  const age = (at: string | undefined): number | null =>
    at === undefined ? null : Math.max(0, (clock.now() - Date.parse(at)) / 1000);
  return {
    version: host.version,
    runs: workspace.runs.counts(durationLimits).filter(({ environment }) => names.has(environment)),
    environments: environments.map(({ id, name, tier }) => {
      const known = lastKnown(context, id);
      const backups = workspace.backups.list({ environment: name }).filter((one) => one.problem === null);
      return {
        environment: name,
        tier,
        known:
          known === null
            ? null
            : {
                pending: known.pending,
                attention: known.attention,
                reached: known.problem === null,
                lockHeld: known.lockHeld === true,
                ageSeconds: age(known.at) ?? 0,
              },
        running: active.filter((run) => run.environmentId === id).length,
        backupAgeSeconds: age(backups.find((one) => satisfies(one, 'taken'))?.takenAt),
        provenAgeSeconds: age(backups.find((one) => satisfies(one, 'proven'))?.takenAt),
      };
    }),
  };
}
