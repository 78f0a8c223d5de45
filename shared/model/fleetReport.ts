/** One fleet with everything that is known of it: evidence to be kept, or to be sent to somebody. */
import type { Backup } from './backup.ts';
import type { Fleet, FleetCounts } from './fleet.ts';
import type { FleetDocumentMember } from './fleetDocument.ts';
import type { ReportedEntry } from './report.ts';

/** Of the JSON form. Fields are added freely; one that changes its meaning or goes raises the number. */
export const fleetReportVersion = 'lockkeeper fleet report 1';

export interface FleetReport {
  readonly format: typeof fleetReportVersion;
  readonly fleet: Omit<Fleet, 'process' | 'sources'>;
  readonly counts: FleetCounts;
  readonly members: readonly ReportedMember[];
  /** What the audit log has of the fleet and of its members' runs, oldest first. */
  readonly audit: readonly ReportedEntry[];
}

export interface ReportedMember extends FleetDocumentMember {
  /** Of its last run, in their order. */
  readonly versions: readonly string[];
  /** Taken before it; null: none was, or it was removed since. */
  readonly backup: Pick<Backup, 'id' | 'level' | 'sha256'> | null;
}
