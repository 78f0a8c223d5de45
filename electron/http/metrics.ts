/** What is known of runs and environments, as families of metrics. */
import { durationLimits, type Metrics } from '../services/readMetrics.ts';
import { type Family, gauge, type Sample } from './prometheus.ts';

export function familiesOf({ version, runs, environments }: Metrics): Family[] {
  const each = (value: (one: Metrics['environments'][number]) => number | null): Sample[] =>
    environments.flatMap((one) => {
      const found = value(one);
      return found === null ? [] : [{ labels: { environment: one.environment, tier: one.tier }, value: found }];
    });
  const known = (value: (one: NonNullable<Metrics['environments'][number]['known']>) => number): Sample[] =>
    each((one) => (one.known === null ? null : value(one.known)));
  return [
    gauge('lockkeeper_build_info', 'Version of Lockkeeper.', [{ labels: { version }, value: 1 }]),
    {
      name: 'lockkeeper_runs_total',
      type: 'counter',
      help: 'Finished runs of this workspace, whoever started them.',
      samples: runs.map(({ environment, action, outcome, runs: value }) => ({
        labels: { environment, action, outcome },
        value,
      })),
    },
    {
      name: 'lockkeeper_run_duration_seconds',
      type: 'histogram',
      help: 'How long finished runs took.',
      samples: runs.flatMap(durationsOf),
    },
    gauge(
      'lockkeeper_runs_active',
      'Runs that this process performs now.',
      each((one) => one.running),
    ),
    gauge(
      'lockkeeper_pending_migrations',
      'As last read.',
      known((one) => one.pending),
    ),
    gauge(
      'lockkeeper_attention',
      'Things to look at before going on, as last read.',
      known((one) => one.attention),
    ),
    gauge(
      'lockkeeper_environment_reached',
      '1: the last reading reached it.',
      known((one) => Number(one.reached)),
    ),
    gauge(
      'lockkeeper_lock_held',
      '1: somebody held its lock when it was last read.',
      known((one) => Number(one.lockHeld)),
    ),
    gauge(
      'lockkeeper_last_read_age_seconds',
      'Since it was last read.',
      known((one) => one.ageSeconds),
    ),
    gauge(
      'lockkeeper_last_backup_age_seconds',
      'Since the newest backup of everything.',
      each((one) => one.backupAgeSeconds),
    ),
    gauge(
      'lockkeeper_last_proven_age_seconds',
      'Since the newest proven backup was taken.',
      each((one) => one.provenAgeSeconds),
    ),
  ];
}

function durationsOf({ environment, action, outcome, runs, seconds, within }: Metrics['runs'][number]): Sample[] {
  const labels = { environment, action, outcome };
  return [
    ...durationLimits.map((limit, at) => ({
      suffix: '_bucket',
      labels: { ...labels, le: String(limit) },
      value: within[at] ?? 0,
    })),
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: runs },
    { suffix: '_sum', labels, value: seconds },
    { suffix: '_count', labels, value: runs },
  ];
}
