/** The contract's procedures, each one a call of a service. What a service throws is turned into a Problem in `errors.ts`. */
import { implement } from '@orpc/server';
import { contract } from '../../shared/contract/index.ts';
import type { PlanRequest, RestoreWantedInput } from '../../shared/contract/inputs.ts';
import { cancelPreview } from '../../shared/model/cancelPreview.ts';
import { endSession, readActivity } from '../services/activity.ts';
import {
  lockAdministrator,
  removeAdministratorPassphrase,
  roleStatus,
  setAdministratorPassphrase,
  unlockAdministrator,
} from '../services/administrator.ts';
import { describeApplication } from '../services/application.ts';
import { approvePlan, showPlanFile, trustApprover } from '../services/approvePlan.ts';
import { createArchiveKey, unlockArchiveKey } from '../services/archiveKeys.ts';
import { withKept } from '../services/bundles/bundleTarget.ts';
import {
  bundleOfEnvironment,
  checkKept,
  fileOfBundle,
  openBundle,
  ownKey,
  showBundle,
  takePart,
  trustSigner,
} from '../services/bundles/keptBundles.ts';
import { compareSchemas } from '../services/compareSchemas.ts';
import type { Context } from '../services/context.ts';
import { createDemo } from '../services/createDemo.ts';
import { describeMigration } from '../services/describeMigration.ts';
import { detectProject } from '../services/detectProject.ts';
import {
  addEnvironment,
  editEnvironment,
  getEnvironment,
  listEnvironments,
  removeEnvironment,
  unlockEnvironment,
} from '../services/environments.ts';
import { explainChecksum } from '../services/explainChecksum.ts';
import { exportEnvironments } from '../services/exportEnvironments.ts';
import { exportPlanSql } from '../services/exportPlanSql.ts';
import { recordExternalBackup } from '../services/externalBackups.ts';
import { failedPlace } from '../services/failedPlace.ts';
import { acceptDrift, findDrift } from '../services/findDrift.ts';
import { findRehearsal, rehearsalOfMigration } from '../services/findRehearsal.ts';
import { cancelFleet } from '../services/fleet/cancelFleet.ts';
import { discoverTenants } from '../services/fleet/discoverTenants.ts';
import { findFleet, listFleets, watchFleet } from '../services/fleet/findFleet.ts';
import { planFleet } from '../services/fleet/planFleet.ts';
import { resumeFleet, startFleet } from '../services/fleet/startFleet.ts';
import { setHookSecret, testHook } from '../services/hooks/hooks.ts';
import { importEnvironments, previewImport } from '../services/importEnvironments.ts';
import { listImportSources } from '../services/imported/readImportFile.ts';
import { listBackups } from '../services/listBackups.ts';
import { listFolders } from '../services/listFolders.ts';
import { listHistory } from '../services/listHistory.ts';
import { listTools } from '../services/listTools.ts';
import { readLock, releaseLock } from '../services/lockStatus.ts';
import { offlineSource } from '../services/offlineSource.ts';
import { openInEditor } from '../services/openInEditor.ts';
import { parseConnection } from '../services/parseConnection.ts';
import { readOffer, writePlanFile } from '../services/planFile.ts';
import { planMigration } from '../services/planMigration.ts';
import { planRestore, type RestoreWanted } from '../services/planRestore.ts';
import { prepareAdopt, viewAdoption } from '../services/prepareAdopt.ts';
import { listRepairs, prepareRepair, viewRepair } from '../services/prepareRepair.ts';
import { pruneBackups } from '../services/pruneBackups.ts';
import { readCompatibility } from '../services/readCompatibility.ts';
import { refreshMatrix, watchMatrix } from '../services/readMatrix.ts';
import { readStatus } from '../services/readStatus.ts';
import { readTrends } from '../services/readTrends.ts';
import { reconcileRun } from '../services/reconcileRun.ts';
import { rehearsalLimitMs } from '../services/rehearse.ts';
import { writeReport } from '../services/report/writeReport.ts';
import { prepareResume, startResume, viewResume } from '../services/resumeRun.ts';
import { scaffoldMigration } from '../services/scaffoldMigration.ts';
import {
  addSchedule,
  listSchedules,
  nextTimes,
  pauseSchedule,
  removeSchedule,
  resumeSchedule,
} from '../services/schedule/schedules.ts';
import { findInScript, readScriptLines } from '../services/scriptLines.ts';
import { readSettings, saveSettings } from '../services/settings.ts';
import { endDeadRuns } from '../services/settleRun.ts';
import { showRun } from '../services/showRun.ts';
import { startBackup, startCheck, startProof } from '../services/startBackup.ts';
import { startRehearsal } from '../services/startRehearsal.ts';
import { startRepair } from '../services/startRepair.ts';
import { startRestore } from '../services/startRestore.ts';
import { startRun } from '../services/startRun.ts';
import { writeSupportBundle } from '../services/supportBundle.ts';
import { findEnvironment, type TargetRequest } from '../services/target.ts';
import { testConnection } from '../services/testConnection.ts';
import { testMigrations } from '../services/testMigrations.ts';
import { beginTour, markTour, readTour } from '../services/tour.ts';
import { trustPrograms } from '../services/trust.ts';
import { trustHostKey } from '../services/trustHostKey.ts';
import { addTrustedKey, readPublicKey, removeTrustedKey, trustedKeys } from '../services/trustStore.ts';
import { planUndo, startUndo } from '../services/undoRestore.ts';
import { validateSource } from '../services/validateSource.ts';
import { verifyHistory } from '../services/verifyHistory.ts';
import { viewPlan } from '../services/viewPlan.ts';
import { writeDifference } from '../services/writeDifference.ts';
import { problemsAsErrors } from './errors.ts';
import { type NamedProcedure, nameProcedures, requireRoleOf } from './requireRole.ts';

export type Router = ReturnType<typeof createRouter>;

const byId = (id: string): TargetRequest & { kind: 'environment' } => ({ kind: 'environment', nameOrId: id });
const never = new AbortController().signal;

const restoreWanted = ({ id, file, environmentId, placement, into }: RestoreWantedInput): RestoreWanted => ({
  backup: id ?? null,
  file: file ?? null,
  target: environmentId === undefined ? null : byId(environmentId),
  placement: placement ?? 'swap',
  into: into ?? null,
});

export function createRouter(context: Context) {
  const known = new Map<object, NamedProcedure>();
  const os = implement(contract).use(problemsAsErrors).use(requireRoleOf(context, known));
  const nameOf = (id: string | null) => (id === null ? null : findEnvironment(context, id).name);
  const planInput = ({ environmentId, target, approvals }: PlanRequest) =>
    planMigration(context, byId(environmentId), target, [], undefined, approvals);
  const router = os.router({
    application: {
      info: os.application.info.handler(() => describeApplication(context)),
      createDemo: os.application.createDemo.handler(() => createDemo(context)),
      changes: os.application.changes.handler(({ signal }) => context.changes.watch(signal ?? never)),
      pickFolder: os.application.pickFolder.handler(async () => ({
        path: (await context.host.pickFolder?.()) ?? null,
      })),
      folders: os.application.folders.handler(({ input }) => listFolders(input.path)),
      supportBundle: os.application.supportBundle.handler(({ input }) => writeSupportBundle(context, input.hostNames)),
    },
    roles: {
      status: os.roles.status.handler(() => roleStatus(context)),
      unlock: os.roles.unlock.handler(({ input }) => unlockAdministrator(context, input.passphrase)),
      lock: os.roles.lock.handler(() => lockAdministrator(context)),
      setPassphrase: os.roles.setPassphrase.handler(({ input }) => setAdministratorPassphrase(context, input)),
      removePassphrase: os.roles.removePassphrase.handler(() => removeAdministratorPassphrase(context)),
    },
    settings: {
      get: os.settings.get.handler(() => readSettings(context)),
      set: os.settings.set.handler(({ input }) => saveSettings(context, input)),
    },
    environments: {
      list: os.environments.list.handler(() => listEnvironments(context)),
      get: os.environments.get.handler(({ input }) => getEnvironment(context, input.id)),
      add: os.environments.add.handler(({ input }) => addEnvironment(context, input)),
      edit: os.environments.edit.handler(({ input }) => editEnvironment(context, input)),
      remove: os.environments.remove.handler(async ({ input }) => {
        await removeEnvironment(context, input.id);
        return {};
      }),
      parseUrl: os.environments.parseUrl.handler(({ input }) => parseConnection(input.url)),
      test: os.environments.test.handler(({ input }) => testConnection(context, input)),
      trustHostKey: os.environments.trustHostKey.handler(({ input }) => trustHostKey(context, input)),
      unlock: os.environments.unlock.handler(async ({ input }) => {
        await unlockEnvironment(context, input.id, input.password);
        return {};
      }),
      export: os.environments.export.handler(() => exportEnvironments(context)),
      importSources: os.environments.importSources.handler(() => listImportSources()),
      previewImport: os.environments.previewImport.handler(({ input }) => previewImport(context, input)),
      import: os.environments.import.handler(({ input }) => importEnvironments(context, input)),
    },
    tour: {
      get: os.tour.get.handler(() => ({ tour: readTour(context) })),
      begin: os.tour.begin.handler(async () => ({ tour: await beginTour(context) })),
      mark: os.tour.mark.handler(({ input }) => ({ tour: markTour(context, input) })),
    },
    source: {
      compatibility: os.source.compatibility.handler(({ input }) =>
        readCompatibility(context, byId(input.environmentId), input.application),
      ),
      detect: os.source.detect.handler(({ input: { path, environmentId, tool, historyTable } }) =>
        detectProject(context, {
          path,
          target: environmentId === undefined ? null : byId(environmentId),
          tool: tool ?? null,
          historyTable: historyTable ?? null,
        }),
      ),
      openInEditor: os.source.openInEditor.handler(async ({ input }) => {
        await openInEditor(context, input);
        return {};
      }),
      validate: os.source.validate.handler(({ input }) =>
        validateSource(offlineSource(context, byId(input.environmentId)), input.file),
      ),
      create: os.source.create.handler(({ input }) =>
        scaffoldMigration(context, offlineSource(context, byId(input.environmentId)), input.name),
      ),
      trust: os.source.trust.handler(async ({ input }) => ({
        remaining: await trustPrograms(context, withKept(context, byId(input.environmentId), input), input.digests),
      })),
    },
    migrations: {
      status: os.migrations.status.handler(({ input }) => readStatus(context, byId(input.environmentId))),
      get: os.migrations.get.handler(({ input }) =>
        describeMigration(context, byId(input.environmentId), input.version, input.analysis),
      ),
      lines: os.migrations.lines.handler(({ input: { environmentId, ...wanted } }) =>
        readScriptLines(context, byId(environmentId), wanted),
      ),
      find: os.migrations.find.handler(async ({ input: { environmentId, ...wanted }, signal }) => ({
        line: await findInScript(context, byId(environmentId), wanted, signal ?? never),
      })),
      verify: os.migrations.verify.handler(({ input }) => verifyHistory(context, byId(input.environmentId))),
      checksumDifference: os.migrations.checksumDifference.handler(({ input }) =>
        explainChecksum(context, byId(input.environmentId), input.version),
      ),
      repairs: os.migrations.repairs.handler(({ input }) => listRepairs(context, byId(input.environmentId))),
      planRepair: os.migrations.planRepair.handler(async ({ input }) =>
        viewRepair(await prepareRepair(context, byId(input.environmentId), input.requests)),
      ),
      planAdopt: os.migrations.planAdopt.handler(async ({ input: { environmentId, ...wanted } }) =>
        viewAdoption(await prepareAdopt(context, byId(environmentId), wanted)),
      ),
      test: os.migrations.test.handler(({ input, signal }) =>
        testMigrations(context, byId(input.environmentId), {
          version: input.version,
          signal: signal ?? never,
          onProgress: () => undefined,
        }),
      ),
      plan: os.migrations.plan.handler(async ({ input }) => viewPlan(context, await planInput(input), true)),
      planFile: os.migrations.planFile.handler(async ({ input }) => {
        const prepared = await planInput(input);
        const text = await writePlanFile(context, prepared, await viewPlan(context, prepared, false));
        return { name: `plan-${prepared.plan.fingerprint.slice(0, 12)}.lockplan`, text };
      }),
      planSql: os.migrations.planSql.handler(async ({ input }) => {
        const prepared = await planMigration(context, byId(input.environmentId), input.target);
        return { sql: (await Array.fromAsync(exportPlanSql(context, prepared))).join('') };
      }),
    },
    planFiles: {
      show: os.planFiles.show.handler(({ input }) => showPlanFile(context, input.text, input.name)),
      approve: os.planFiles.approve.handler(async ({ input: { text, name, note } }) => ({
        text: (await approvePlan(context, text, name, note)).text,
      })),
      trust: os.planFiles.trust.handler(({ input }) => trustApprover(context, input)),
      open: os.planFiles.open.handler(({ input: { text, name } }) => {
        const { offered, fingerprint, request, approvals } = readOffer(text, name);
        const environment = context.workspace.environments.find(offered.subject.environment);
        return { environmentId: environment?.id ?? null, fingerprint, target: request, approvals };
      }),
    },
    matrix: {
      watch: os.matrix.watch.handler(({ signal }) => watchMatrix(context, signal ?? never)),
      refresh: os.matrix.refresh.handler(({ input, signal }) => refreshMatrix(context, input, signal ?? never)),
    },
    schema: {
      drift: os.schema.drift.handler(({ input }) => findDrift(context, byId(input.environmentId))),
      acceptDrift: os.schema.acceptDrift.handler(({ input }) =>
        acceptDrift(context, byId(input.environmentId), input.reason),
      ),
      writeMigration: os.schema.writeMigration.handler(({ input }) =>
        writeDifference(context, byId(input.environmentId), input),
      ),
      diff: os.schema.diff.handler(({ input }) =>
        compareSchemas(context, {
          ...input,
          files: false,
          target: input.environmentId === null ? null : byId(input.environmentId),
        }),
      ),
    },
    locks: {
      status: os.locks.status.handler(({ input }) => readLock(context, byId(input.environmentId))),
      release: os.locks.release.handler(({ input: { environmentId, ...request } }) =>
        releaseLock(context, byId(environmentId), request),
      ),
    },
    activity: {
      list: os.activity.list.handler(({ input }) => readActivity(context, byId(input.environmentId))),
      end: os.activity.end.handler(({ input: { environmentId, ...request } }) =>
        endSession(context, byId(environmentId), request),
      ),
    },
    rehearsals: {
      start: os.rehearsals.start.handler(async ({ input: { environmentId, target, copy, tables, ...request } }) => {
        const wanted = { target: byId(environmentId), wanted: target, copy: { kind: copy, tables } };
        return { run: (await startRehearsal(context, { ...request, ...wanted, limitMs: rehearsalLimitMs })).id };
      }),
      get: os.rehearsals.get.handler(({ input }) => findRehearsal(context, input.id)),
      ofPlan: os.rehearsals.ofPlan.handler(async ({ input }) => ({
        rehearsal: (await planMigration(context, byId(input.environmentId), input.target)).rehearsal,
      })),
      ofMigration: os.rehearsals.ofMigration.handler(async ({ input }) => ({
        found: await rehearsalOfMigration(context, byId(input.environmentId), input.version),
      })),
    },
    runs: {
      adopt: os.runs.adopt.handler(async ({ input }) => ({
        run: startRepair(context, (await prepareAdopt(context, byId(input.environmentId), input)).repair, input).id,
      })),
      repair: os.runs.repair.handler(async ({ input: { environmentId, requests, ...answers } }) => ({
        run: startRepair(context, await prepareRepair(context, byId(environmentId), requests), answers).id,
      })),
      start: os.runs.start.handler(async ({ input }) => {
        const { environmentId, target, ...answers } = input;
        return { run: (await startRun(context, { ...answers, target: byId(environmentId), wanted: target })).id };
      }),
      cancelPreview: os.runs.cancelPreview.handler(async ({ input }) =>
        cancelPreview(await context.runs.get(input.id)),
      ),
      cancel: os.runs.cancel.handler(({ input }) => {
        context.runs.cancel(input.id);
        return {};
      }),
      failedPlace: os.runs.failedPlace.handler(async ({ input }) => ({ place: await failedPlace(context, input.id) })),
      show: os.runs.show.handler(({ input }) => showRun(context, input.id, null)),
      reconcile: os.runs.reconcile.handler(({ input: { id, ...request }, signal }) =>
        reconcileRun(context, { ...request, run: id, target: null, signal: signal ?? never }),
      ),
      planResume: os.runs.planResume.handler(({ input }) => viewResume(context, input)),
      resume: os.runs.resume.handler(async ({ input: { id, action, ...answers } }) => {
        const wanted = { run: id, action, target: null, reason: answers.reason, accept: answers.accept };
        await using prepared = await prepareResume(context, wanted);
        return { run: startResume(context, prepared, { ...answers, continueOnError: false }).id };
      }),
      get: os.runs.get.handler(({ input }) => context.runs.get(input.id)),
      list: os.runs.list.handler(async ({ input }) => {
        await endDeadRuns(context);
        return context.workspace.runs.list(input);
      }),
      report: os.runs.report.handler(async ({ input }) => {
        const { content, ...about } = await writeReport(context, input.id, input.format);
        return { ...about, base64: Buffer.from(content).toString('base64') };
      }),
      watch: os.runs.watch.handler(({ input, signal }) => context.runs.watch(input.id, input.fromSeq, signal ?? never)),
      log: os.runs.log.handler(async ({ input }) => [...(await context.runs.records(input.id))]),
    },
    backups: {
      create: os.backups.create.handler(async ({ input }) => ({
        run: (await startBackup(context, byId(input.environmentId), input)).id,
      })),
      list: os.backups.list.handler(({ input }) => listBackups(context, nameOf(input.environmentId))),
      prune: os.backups.prune.handler(({ input: { environmentId, ...limits } }) =>
        pruneBackups(context, { ...limits, environment: nameOf(environmentId) }),
      ),
      createKey: os.backups.createKey.handler(({ input }) => createArchiveKey(context, input)),
      unlock: os.backups.unlock.handler(async ({ input }) => {
        await unlockArchiveKey(context, input);
        return {};
      }),
      check: os.backups.check.handler(({ input }) => ({ run: startCheck(context, input.id).id })),
      prove: os.backups.prove.handler(async ({ input }) => ({
        run: (await startProof(context, input.id, null, input.accept)).id,
      })),
      record: os.backups.record.handler(({ input: { environmentId, ...about } }) =>
        recordExternalBackup(context, byId(environmentId), about),
      ),
      restorePlan: os.backups.restorePlan.handler(
        async ({ input }) => (await planRestore(context, restoreWanted(input))).plan,
      ),
      restore: os.backups.restore.handler(async ({ input }) => ({
        run: (await startRestore(context, restoreWanted(input), input)).id,
      })),
      undoPlan: os.backups.undoPlan.handler(async ({ input }) => (await planUndo(context, input.run, null)).plan),
      undoRestore: os.backups.undoRestore.handler(async ({ input }) => ({
        run: (await startUndo(context, input.run, null, input)).id,
      })),
    },
    hooks: {
      test: os.hooks.test.handler(({ input, signal }) =>
        testHook(context, input.environmentId, input.name, signal ?? never),
      ),
      setSecret: os.hooks.setSecret.handler(async ({ input }) => {
        await setHookSecret(context, input.name, input.secret);
        return {};
      }),
    },
    schedules: {
      list: os.schedules.list.handler(({ input }) => listSchedules(context, input.environmentId)),
      add: os.schedules.add.handler(({ input }) => addSchedule(context, input)),
      next: os.schedules.next.handler(({ input }) => ({ times: nextTimes(context, input.id, input.count) })),
      pause: os.schedules.pause.handler(({ input }) => pauseSchedule(context, input.id)),
      resume: os.schedules.resume.handler(({ input }) => resumeSchedule(context, input.id)),
      remove: os.schedules.remove.handler(({ input }) => {
        removeSchedule(context, input.id);
        return {};
      }),
    },
    fleets: {
      tenants: os.fleets.tenants.handler(async ({ input: { environmentId, query, kind } }) => {
        const tenants = await discoverTenants(context, byId(environmentId), query, kind);
        return { members: tenants.map(({ id, name }) => ({ id, name })) };
      }),
      plan: os.fleets.plan.handler(({ input, signal }) =>
        planFleet(context, { ...input, shard: null }, signal ?? never),
      ),
      start: os.fleets.start.handler(({ input }) => ({ fleet: startFleet(context, { ...input, shard: null }).id })),
      resume: os.fleets.resume.handler(async ({ input }) => ({ fleet: (await resumeFleet(context, input)).id })),
      cancel: os.fleets.cancel.handler(async ({ input }) => ({ cancelled: await cancelFleet(context, input.id) })),
      get: os.fleets.get.handler(({ input }) => findFleet(context, input.id)),
      list: os.fleets.list.handler(({ input }) => listFleets(context, input.limit)),
      watch: os.fleets.watch.handler(({ input, signal }) => watchFleet(context, input.id, signal ?? never)),
    },
    history: {
      list: os.history.list.handler(({ input }) =>
        listHistory(context, { environment: nameOf(input.environmentId), limit: input.limit }),
      ),
      trends: os.history.trends.handler(({ input }) => readTrends(context, nameOf(input.environmentId))),
    },
    bundles: {
      part: os.bundles.part.handler(async ({ input }) => {
        await takePart(context, input);
        return {};
      }),
      open: os.bundles.open.handler(({ input }) => openBundle(context, input)),
      get: os.bundles.get.handler(({ input }) => showBundle(context, input.digest)),
      file: os.bundles.file.handler(({ input }) => fileOfBundle(context, input.digest, input.path)),
      check: os.bundles.check.handler(({ input }) => checkKept(context, input.digest, input.environmentId)),
      trust: os.bundles.trust.handler(({ input }) => trustSigner(context, input)),
      create: os.bundles.create.handler(({ input }) => bundleOfEnvironment(context, input)),
      ownKey: os.bundles.ownKey.handler(() => ownKey(context)),
    },
    trustedKeys: {
      list: os.trustedKeys.list.handler(() => trustedKeys(context)),
      read: os.trustedKeys.read.handler(({ input }) => readPublicKey(input.key)),
      add: os.trustedKeys.add.handler(({ input }) => addTrustedKey(context, input)),
      remove: os.trustedKeys.remove.handler(({ input }) => removeTrustedKey(context, input.fingerprint, input.reason)),
    },
    tools: {
      list: os.tools.list.handler(() => listTools()),
    },
  });
  nameProcedures(router, known);
  return router;
}
