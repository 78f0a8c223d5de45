/** Which plans were handed over as SQL, in the audit log: what comes back as evidence is compared with that. */
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { PreparedPlan } from '../planMigration.ts';
import { recordAudit } from '../recordAudit.ts';

const action = 'plan exported';
const text = z.string();
const schema = z.object({
  fingerprint: text,
  direction: z.enum(['up', 'down']),
  server: text,
  steps: z.array(
    z.object({
      version: text,
      historyKey: text,
      name: text,
      action: z.enum(['apply', 'revert']),
      statements: z.number(),
    }),
  ),
});

export type ExportedPlan = z.infer<typeof schema> & { readonly environment: string | null };

export function recordExport(context: Context, { plan, target }: PreparedPlan): void {
  const detail: z.infer<typeof schema> = {
    fingerprint: plan.fingerprint,
    direction: plan.direction,
    server: plan.target.server,
    steps: plan.steps.map(({ version, migration, name, action: done, statements }) => ({
      ...{ version, historyKey: migration.historyKey, name, action: done, statements },
    })),
  };
  recordAudit(context, { action, environment: target.environment.name, run: null, detail });
}

/** Null: no such plan was handed over from here. */
export function findExport({ workspace }: Context, fingerprint: string): ExportedPlan | null {
  let found: ExportedPlan | null = null;
  for (const entry of workspace.audit.entries()) {
    if (entry.action !== action) continue;
    const parsed = schema.safeParse(JSON.parse(entry.detail));
    if (parsed.success && parsed.data.fingerprint === fingerprint)
      found = { ...parsed.data, environment: entry.environment };
  }
  return found;
}
