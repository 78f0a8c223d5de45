/** Where an environment stands, from the freshest reading there is. */
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { attentionOf, type StatusReport } from '../../../shared/model/status.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Resource } from '../../resources.ts';
import { engineWords } from '../../texts.ts';

export interface Standing {
  /** Null before the first reading. */
  readonly known: {
    readonly current: string | null;
    readonly pending: number;
    readonly attention: number;
    readonly at: string;
  } | null;
  /** Why the last reading failed; what is known is then of before. */
  readonly problem: Problem | null;
  readonly loading: boolean;
  readonly product: string;
}

export function standingOf(summary: EnvironmentSummary, status: Resource<StatusReport>): Standing {
  const { lastKnown, environment } = summary;
  const report = status.data;
  const product =
    report === null
      ? engineWords[environment.connection.engine]
      : `${report.product} ${shortVersion(report.serverVersion)}`;
  const known =
    report !== null
      ? { current: report.current, pending: report.pending, attention: attentionOf(report), at: report.readAt }
      : lastKnown !== null && wasReached(lastKnown)
        ? lastKnown
        : null;
  const problem = status.problem ?? (report === null ? (lastKnown?.problem ?? null) : null);
  return { known, problem, loading: status.loading, product };
}

/** A first reading that failed leaves zeros behind, which are no knowledge. */
const wasReached = ({ problem, current, pending, attention }: NonNullable<EnvironmentSummary['lastKnown']>): boolean =>
  problem === null || current !== null || pending + attention > 0;

/** `15.18 (Debian 15.18-0+deb12u1)` as `15.18`. */
export const shortVersion = (version: string): string => /^[\d.]+/.exec(version)?.[0] ?? version;
