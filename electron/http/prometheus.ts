/**
 * Metrics in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats). Every figure is read
 * when it is asked for, from a workspace that other processes write to as well; client libraries count in the memory of
 * their own process, which is why none is used.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** After the family's name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

export const formatMetrics = (families: readonly Family[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) =>
      [
        `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(({ suffix = '', labels = {}, value }) => `${name}${suffix}${formatLabels(labels)} ${value}`),
        '',
      ].join('\n'),
    )
    .join('');

function formatLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Names of environments are anybody's words: what would end the value or the line is written as the format asks. */
const escapeLabel = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** Of this process: memory, and by how much its event loop is late. */
export function watchProcess(): { families(): Family[]; close(): void } {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  return {
    families: () => [
      gauge('process_resident_memory_bytes', 'Memory of the process.', [{ value: process.memoryUsage.rss() }]),
      gauge('process_uptime_seconds', 'Since the process began.', [{ value: process.uptime() }]),
      gauge(
        'lockkeeper_event_loop_delay_seconds',
        'How late the event loop was since the process began.',
        [50, 99].map((quantile) => ({
          labels: { quantile: String(quantile / 100) },
          value: delay.percentile(quantile) / 1e9,
        })),
      ),
    ],
    close: () => void delay.disable(),
  };
}

export const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name,
  type: 'gauge',
  help,
  samples,
});
