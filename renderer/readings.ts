/** Every reading the views share, each with the key that changes invalidate. */
import type { AdoptRequest } from '../shared/model/adoption.ts';
import type { Target } from '../shared/model/plan.ts';
import type { RepairRequest } from '../shared/model/repair.ts';
import { usualComparison } from '../shared/model/snapshot.ts';
import { backend } from './connection.ts';
import { approvalsFor, type OpenFile } from './features/approval/planFile.ts';
import { limited } from './limited.ts';
import type { Reading } from './resources.ts';
import { formatAdoption, formatRequests, formatRestore, formatTarget, type RestoreTarget } from './router.ts';

const listLimit = 500;
/** Statuses open connections: a screen of two hundred environments must not open them all at once. */
const statusSlots = limited(4);

/** A folder, and what a person chose of it; null: as it is detected. */
export interface DetectionWanted {
  readonly path: string;
  readonly tool: string | null;
  readonly historyTable: string | null;
}

const of = <T>(key: string, read: () => Promise<T>): Reading<T> => ({ key, read });

export const readings = {
  info: () => of('info', () => backend().application.info()),
  role: () => of('role', () => backend().roles.status()),
  settings: () => of('settings', () => backend().settings.get()),
  tools: () => of('tools', () => backend().tools.list()),
  environments: () => of('environments', () => backend().environments.list()),
  planFile: ({ id, name, text }: OpenFile) => of(`planFile:${id}`, () => backend().planFiles.show({ name, text })),
  status: (environmentId: string) =>
    of(`status:${environmentId}`, () => statusSlots(() => backend().migrations.status({ environmentId }))),
  migration: (environmentId: string, version: string) =>
    of(`migration:${environmentId}:${version}`, () =>
      backend().migrations.get({ environmentId, version, analysis: 'later' }),
    ),
  /** The same with the analysis of a long script. */
  analysedMigration: (environmentId: string, version: string) =>
    of(`migration:${environmentId}:${version}:analysed`, () => backend().migrations.get({ environmentId, version })),
  plan: (environmentId: string, target: Target) =>
    of(`plan:${environmentId}:${formatTarget(target)}`, () =>
      backend().migrations.plan({ environmentId, target, ...approvalsFor(environmentId) }),
    ),
  migrationRehearsal: (environmentId: string, version: string) =>
    of(`rehearsal:${environmentId}:${version}`, () => backend().rehearsals.ofMigration({ environmentId, version })),
  rehearsal: (id: string) => of(`oneRehearsal:${id}`, () => backend().rehearsals.get({ id })),
  /** The same plan, of which many may be asked for at once. */
  planOfMany: (environmentId: string) =>
    of(`plan:${environmentId}:many`, () =>
      statusSlots(() => backend().migrations.plan({ environmentId, target: { direction: 'up' } })),
    ),
  bundle: (digest: string) => of(`bundle:${digest}`, () => backend().bundles.get({ digest })),
  bundleFile: (digest: string, path: string) =>
    of(`bundleFile:${digest}:${path}`, () => backend().bundles.file({ digest, path })),
  bundleCheck: (digest: string, environmentId: string) =>
    of(`bundleCheck:${digest}:${environmentId}`, () => backend().bundles.check({ digest, environmentId })),
  trustedKeys: () => of('trustedKeys', () => backend().trustedKeys.list()),
  ownKey: () => of('ownKey', () => backend().bundles.ownKey()),
  run: (id: string) => of(`run:${id}`, () => backend().runs.get({ id })),
  /** Also of a tenant, which is in no list. */
  environment: (id: string) => of(`environments:${id}`, () => backend().environments.get({ id })),
  fleets: () => of('fleets', () => backend().fleets.list({ limit: listLimit })),
  runs: (environmentId: string | null) =>
    of(`runs:${environmentId ?? 'all'}`, () => backend().runs.list({ environmentId, limit: listLimit })),
  compatibility: (environmentId: string, application: string | null) =>
    of(`compatibility:${environmentId}:${application ?? ''}`, () =>
      backend().source.compatibility({ environmentId, application }),
    ),
  verification: (environmentId: string) =>
    of(`verification:${environmentId}`, () => backend().migrations.verify({ environmentId })),
  repairs: (environmentId: string) =>
    of(`repairs:${environmentId}`, () => backend().migrations.repairs({ environmentId })),
  repairPlan: (environmentId: string, requests: readonly RepairRequest[]) =>
    of(`repairPlan:${environmentId}:${formatRequests(requests)}`, () =>
      backend().migrations.planRepair({ environmentId, requests: [...requests] }),
    ),
  detection: (environmentId: string, wanted: DetectionWanted) =>
    of(`detection:${environmentId}:${JSON.stringify(wanted)}`, () =>
      backend().source.detect({
        environmentId,
        path: wanted.path,
        ...(wanted.tool === null ? {} : { tool: wanted.tool }),
        ...(wanted.historyTable === null ? {} : { historyTable: wanted.historyTable }),
      }),
    ),
  adoptPlan: (environmentId: string, wanted: AdoptRequest) =>
    of(`adoptPlan:${environmentId}:${formatAdoption(wanted)}`, () =>
      backend().migrations.planAdopt({ environmentId, ...wanted }),
    ),
  difference: (environmentId: string, version: string) =>
    of(`difference:${environmentId}:${version}`, () =>
      backend().migrations.checksumDifference({ environmentId, version }),
    ),
  restorePlan: (environmentId: string, wanted: RestoreTarget) =>
    of(`restorePlan:${environmentId}:${formatRestore(wanted)}`, () =>
      backend().backups.restorePlan(restoreWanted(environmentId, wanted)),
    ),
  drift: (environmentId: string) => of(`drift:${environmentId}`, () => backend().schema.drift({ environmentId })),
  schemaDiff: (environmentId: string, before: string, after: string) =>
    of(`schemaDiff:${environmentId}:${before}:${after}`, () =>
      backend().schema.diff({ environmentId, before, after, ignoring: usualComparison }),
    ),
  activity: (environmentId: string) =>
    of(`activity:${environmentId}`, () => backend().activity.list({ environmentId })),
  shownRun: (id: string) => of(`shownRun:${id}`, () => backend().runs.show({ id })),
  resumePlan: (id: string, action: 'resume' | 'rollBack') =>
    of(`resumePlan:${id}:${action}`, () => backend().runs.planResume({ id, action })),
  undoPlan: (run: string) => of(`undoPlan:${run}`, () => backend().backups.undoPlan({ run })),
  backups: (environmentId: string | null) =>
    of(`backups:${environmentId ?? 'all'}`, () => backend().backups.list({ environmentId })),
  trends: () => of('trends:all', () => backend().history.trends({ environmentId: null })),
  failedPlace: (run: string) => of(`failedPlace:${run}`, () => backend().runs.failedPlace({ id: run })),
  tour: () => of('tour', () => backend().tour.get()),
  schedules: (environmentId: string | null) =>
    of(`schedules:${environmentId ?? 'all'}`, () => backend().schedules.list({ environmentId })),
  history: (environmentId: string | null) =>
    of(`history:${environmentId ?? 'all'}`, () => backend().history.list({ environmentId, limit: 2000 })),
};

/** As the contract takes it. */
export const restoreWanted = (environmentId: string, { backup, file, placement, into }: RestoreTarget) => ({
  environmentId,
  placement,
  ...(backup === null ? {} : { id: backup }),
  ...(file === null ? {} : { file }),
  ...(placement === 'into' && into !== null ? { into } : {}),
});
