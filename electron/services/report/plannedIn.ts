/** What the audit log's entry of a run tells of its plan, and of the answers to its gate. */
import { z } from 'zod';
import { tiers } from '../../../shared/model/environment.ts';
import type { Report, ReportedEntry, ReportedPlan } from '../../../shared/model/report.ts';

const text = z.string();
const target = z.object({
  engine: text,
  server: text,
  database: text,
  tool: text,
  historyTable: text,
});

const optional = <T extends z.ZodType>(type: T) => type.optional().catch(undefined);

/** Entries of earlier versions tell less, and those of restores and repairs other things. */
const detail = z.object({
  tier: optional(z.enum(tiers)),
  target: optional(target),
  fingerprint: optional(text),
  versions: optional(z.array(text)),
  hazards: optional(z.array(z.object({ version: text, code: text, severity: text, line: z.number().nullable() }))),
  rehearsal: optional(text.nullable()),
  confirmed: optional(z.boolean()),
  backup: optional(z.boolean()),
  backedUpBefore: optional(z.boolean()),
  skippedBackup: optional(z.boolean()),
  accepted: optional(z.array(text)),
  acceptedInFiles: optional(z.array(z.object({ version: text, code: text, reason: text }))),
  reason: optional(text.nullable()),
});

export interface Planned {
  readonly tier: Report['environment']['tier'];
  readonly target: Report['environment']['target'];
  readonly plan: ReportedPlan;
}

/** Null: nothing of it was written down. */
export function plannedIn(entries: readonly Pick<ReportedEntry, 'action' | 'detail'>[]): Planned | null {
  const begun = entries.find(({ action }) => action !== 'run ended');
  if (begun === undefined) return null;
  const told = detail.parse(JSON.parse(begun.detail));
  return {
    tier: told.tier ?? null,
    target: told.target ?? null,
    plan: {
      fingerprint: told.fingerprint ?? null,
      versions: told.versions ?? [],
      confirmed: told.confirmed ?? null,
      reason: told.reason ?? null,
      backup: told.backup ?? told.backedUpBefore ?? false,
      skippedBackup: told.skippedBackup ?? false,
      accepted: told.accepted ?? [],
      acceptedInFiles: told.acceptedInFiles ?? [],
      hazards: told.hazards ?? [],
      rehearsal: told.rehearsal ?? null,
    },
  };
}
