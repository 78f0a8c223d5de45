/** The procedures that window, browser and (later) REST share. Inputs are checked here; outputs are typed values of the model. */
import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import type { ActivityReport } from '../model/activity.ts';
import type { Approval, PlanFileView } from '../model/approval.ts';
import type { Backup } from '../model/backup.ts';
import type { BundleReport, BundleVerdict } from '../model/bundle.ts';
import type { CancelPreview } from '../model/cancelPreview.ts';
import type { CompatibilityReport } from '../model/compatibility.ts';
import type { DetectReport } from '../model/detection.ts';
import type { Environment } from '../model/environment.ts';
import type {
  Fleet,
  FleetCancellation,
  FleetEvent,
  FleetMember,
  FleetPlanEvent,
  FleetSummary,
} from '../model/fleet.ts';
import { type HookTest, leastHookSecret } from '../model/hook.ts';
import type { LockInfo } from '../model/lock.ts';
import type { MatrixEvent } from '../model/matrix.ts';
import type { Target } from '../model/plan.ts';
import type { Reconciliation, ShownRun } from '../model/reconcile.ts';
import type { MigrationRehearsal, Rehearsal } from '../model/rehearsal.ts';
import type { ChecksumDifference, RepairOffers } from '../model/repair.ts';
import { reportFormats } from '../model/report.ts';
import type { RestorePlan, UndoPlan } from '../model/restore.ts';
import type { RoleStatus } from '../model/role.ts';
import type { HistoryLine, Run, RunRecord, RunSummary } from '../model/run.ts';
import type { ScheduleView } from '../model/schedule.ts';
import { type FailedPlace, mostLines, type ScriptLines } from '../model/scriptLines.ts';
import type { DriftReport, SchemaComparison, WrittenDifference } from '../model/snapshot.ts';
import type { ConnectionTest, MigrationDetail, StatusReport, ToolsReport } from '../model/status.ts';
import type { TestReport } from '../model/testing.ts';
import { type Tour, tourSteps } from '../model/tour.ts';
import type { ImportPreview, ImportReport, ImportSource } from '../model/transfer.ts';
import type { Trends } from '../model/trends.ts';
import type { TrustRequest } from '../model/trust.ts';
import type { ReadKey, TrustedKey } from '../model/trustedKey.ts';
import type { ScaffoldReport, ValidateReport } from '../model/validation.ts';
import type { VerifyReport } from '../model/verification.ts';
import {
  bundleFileInput,
  bundlePartInput,
  byDigest,
  checkBundleInput,
  createBundleInput,
  openBundleInput,
  trustSignerInput,
} from './bundles.ts';
import {
  environmentId,
  fleetById,
  fleetPlanInput,
  fleetResumeInput,
  fleetStartInput,
  fleetTenantsInput,
} from './fleets.ts';
import {
  adoptInput,
  adoptRequest,
  backupInput,
  bundleDigest,
  connectionInput,
  detectInput,
  endSessionInput,
  environmentInput,
  environmentPatch,
  importInput,
  matrixInput,
  planRequest,
  proveInput,
  pruneInput,
  reconcileInput,
  recordBackupInput,
  rehearseInput,
  releaseLockInput,
  repairInput,
  repairRequest,
  restoreInput,
  restoreWanted,
  resumeInput,
  resumeRequest,
  schemaDiffInput,
  settingsInput,
  startRunInput,
  trustHostKeyInput,
  undoInput,
} from './inputs.ts';
import { approveInput, planFileInput, trustApproverInput } from './planFile.ts';
import { rolePassphraseInput, roleUnlockInput } from './roles.ts';
import { scheduleInput } from './schedules.ts';
import { archiveKeyInput, unlockInput } from './settings.ts';
import { addKeyInput, readKeyInput, removeKeyInput } from './trustedKeys.ts';
import type {
  AdoptView,
  ApplicationInfo,
  ArchiveKeyView,
  Change,
  EndedSession,
  EnvironmentSummary,
  FolderListing,
  ParsedConnection,
  PlanView,
  PruneReport,
  ReleasedLock,
  RepairView,
  ResumeView,
  Settings,
} from './views.ts';

const byId = z.object({ id: z.string().min(1).max(200) });
const byEnvironment = z.object({ environmentId });
const scriptPart = byEnvironment.extend({
  version: z.string().max(512),
  part: z.enum(['up', 'down', 'verify']),
});

export const contract = {
  application: {
    info: oc.output(type<ApplicationInfo>()),
    /** Adds the demo environments; does nothing for those that exist. */
    createDemo: oc.output(type<{ environments: string[] }>()),
    /** Tells that something changed, so that views read again what they show. Never ends by itself. */
    changes: oc.output(eventIterator(type<Change>())),
    /** A native folder dialog; null when it was cancelled or this shell has none. */
    pickFolder: oc.output(type<{ path: string | null }>()),
    /** Folders of the computer Lockkeeper runs on, for shells without a native dialog. */
    folders: oc.input(z.object({ path: z.string().max(4096).nullable() })).output(type<FolderListing>()),
    /** Writes a file of diagnostics without secrets and without anybody's data. */
    supportBundle: oc
      .input(z.object({ hostNames: z.enum(['shown', 'masked']) }))
      .output(type<{ path: string; bytes: number }>()),
  },
  /** Who uses this backend, and how to become its administrator. */
  roles: {
    status: oc.output(type<RoleStatus>()),
    /** For some minutes; wrong tries are slowed. */
    unlock: oc.input(roleUnlockInput).output(type<RoleStatus>()),
    lock: oc.output(type<RoleStatus>()),
    /** From then on the workspace opens without an administrator. */
    setPassphrase: oc.input(rolePassphraseInput).output(type<RoleStatus>()),
    /** Whoever sits at the computer is its administrator again. */
    removePassphrase: oc.output(type<RoleStatus>()),
  },
  settings: {
    /** With what workspace and tiers say of environments. */
    get: oc.output(type<Settings>()),
    set: oc.input(settingsInput).output(type<Settings>()),
  },
  environments: {
    list: oc.output(type<EnvironmentSummary[]>()),
    get: oc.input(byId).output(type<EnvironmentSummary>()),
    add: oc.input(environmentInput).output(type<Environment>()),
    edit: oc.input(environmentPatch).output(type<Environment>()),
    /** Forgets the environment and its password; never touches the database. */
    remove: oc.input(byId).output(type<Record<string, never>>()),
    /** Fields from a pasted URL or driver string. */
    parseUrl: oc.input(z.object({ url: z.string().max(4096) })).output(type<ParsedConnection>()),
    test: oc.input(connectionInput).output(type<ConnectionTest>()),
    /** Makes the key of its SSH server a known one, if it is the one whose fingerprint was compared. */
    trustHostKey: oc.input(trustHostKeyInput).output(type<{ file: string }>()),
    /** The password for this session, when it is in no keychain. */
    unlock: oc.input(byId.extend({ password: z.string().max(4096) })).output(type<Record<string, never>>()),
    /** As a file for another workspace: no secret is in it. */
    export: oc.output(type<{ text: string; environments: readonly string[]; leftOut: readonly string[] }>()),
    /** Files of other programs that are there, where those programs look for them. Reads none of them. */
    importSources: oc.output(type<ImportSource[]>()),
    /** What an import would add; adds nothing. */
    previewImport: oc.input(importInput).output(type<ImportPreview>()),
    /** Adds what is not there; changes nothing that is. */
    import: oc.input(importInput).output(type<ImportReport>()),
  },
  /** Of the demo. */
  tour: {
    get: oc.output(type<{ tour: Tour | null }>()),
    /** Makes the demo where it is missing, and goes on where it was left. */
    begin: oc.output(type<{ tour: Tour }>()),
    mark: oc
      .input(z.object({ done: z.enum(tourSteps).exactOptional(), left: z.literal(true).exactOptional() }))
      .output(type<{ tour: Tour | null }>()),
  },
  source: {
    /** Which versions of the application the database suits, and what came with each. `application` null: the source's own. */
    compatibility: oc
      .input(byEnvironment.extend({ application: z.string().min(1).max(200).nullable() }))
      .output(type<CompatibilityReport>()),
    /** Which tool a folder belongs to, and with an environment what its database tells. Writes nothing. */
    detect: oc.input(detectInput).output(type<DetectReport>()),
    /** Shows a file of the folder in the editor of whoever sits at this computer. */
    openInEditor: oc
      .input(byEnvironment.extend({ path: z.string().min(1).max(4096), line: z.number().int().min(1).nullable() }))
      .output(type<Record<string, never>>()),
    /** Structure and syntax, without a database. `file`: one of it; null for all. */
    validate: oc.input(byEnvironment.extend({ file: z.string().max(4096).nullable() })).output(type<ValidateReport>()),
    /** New files in the tool's format; overwrites nothing. */
    create: oc.input(byEnvironment.extend({ name: z.string().trim().min(1).max(200) })).output(type<ScaffoldReport>()),
    /** Trusts programs by the digests that were shown; answers with what is still untrusted. */
    trust: oc
      .input(
        byEnvironment.extend({
          digests: z.array(z.string().length(64)).min(1).max(10_000),
          /** Of an open bundle; absent: programs of the environment's folder. */
          bundle: bundleDigest.exactOptional(),
        }),
      )
      .output(type<{ remaining: TrustRequest | null }>()),
  },
  migrations: {
    status: oc.input(byEnvironment).output(type<StatusReport>()),
    /** `later`: of a long script what is known without analysing it. */
    get: oc
      .input(
        byEnvironment.extend({ version: z.string().max(512), analysis: z.enum(['whole', 'later']).exactOptional() }),
      )
      .output(type<MigrationDetail>()),
    /** Lines of a script by the numbers of its file: of one that is too long to be shown whole. */
    lines: oc
      .input(scriptPart.extend({ from: z.number().int().min(1), count: z.number().int().min(1).max(mostLines) }))
      .output(type<ScriptLines>()),
    /** The first line from `from` on that has the words, whatever their case. */
    find: oc
      .input(scriptPart.extend({ from: z.number().int().min(1), words: z.string().min(1).max(200) }))
      .output(type<{ line: number | null }>()),
    plan: oc.input(planRequest).output(type<PlanView>()),
    /** The plan as a file: to be run exactly so, and for a second person to approve. */
    planFile: oc.input(planRequest).output(type<{ name: string; text: string }>()),
    /** The plan as one SQL script with its history-table writes, for hand-over. */
    planSql: oc.input(planRequest).output(type<{ sql: string }>()),
    /** Files, history and journal compared with each other. */
    verify: oc.input(byEnvironment).output(type<VerifyReport>()),
    /** The checksum explainer. */
    checksumDifference: oc
      .input(byEnvironment.extend({ version: z.string().max(512) }))
      .output(type<ChecksumDifference>()),
    /** What could be corrected in the history. */
    repairs: oc.input(byEnvironment).output(type<RepairOffers>()),
    /** What a correction would write and what its gate asks; baseline and force likewise. */
    planRepair: oc.input(repairRequest).output(type<RepairView>()),
    /** What moving the history into another tool's table would write, and what its gate asks. */
    planAdopt: oc.input(adoptRequest).output(type<AdoptView>()),
    /** Up, down, up on a scratch database; takes as long as that does. `version` null: all. */
    test: oc.input(byEnvironment.extend({ version: z.string().max(512).nullable() })).output(type<TestReport>()),
  },
  planFiles: {
    /** What a plan file says; no database is read. */
    show: oc.input(planFileInput).output(type<PlanFileView>()),
    /** The file with this installation's signature under it. */
    approve: oc.input(approveInput).output(type<{ text: string }>()),
    /** Trusts the key of one of its approvals from now on. */
    trust: oc.input(trustApproverInput).output(type<PlanFileView>()),
    /** Its request and approvals, to be run here. */
    open: oc
      .input(planFileInput)
      .output(
        type<{ environmentId: string | null; fingerprint: string; target: Target; approvals: readonly Approval[] }>(),
      ),
  },
  matrix: {
    /** What is known of all environments at once, then what changes of it. Never ends by itself. */
    watch: oc.output(eventIterator(type<MatrixEvent>())),
    /** Reads environments in this order, and tells each when it is read. */
    refresh: oc.input(matrixInput).output(eventIterator(type<MatrixEvent>())),
  },
  schema: {
    /** The live schema against the one that the last run left. */
    drift: oc.input(byEnvironment).output(type<DriftReport>()),
    /** From now on the live schema is the expected one. */
    acceptDrift: oc
      .input(byEnvironment.extend({ reason: z.string().trim().min(1).max(2000) }))
      .output(type<DriftReport>()),
    /** A new migration from drift: that makes it elsewhere, or takes it back here. */
    writeMigration: oc
      .input(byEnvironment.extend({ name: z.string().trim().min(1).max(200), direction: z.enum(['keep', 'undo']) }))
      .output(type<WrittenDifference>()),
    /** Of two environments, or `history:VERSION` of `environmentId`. */
    diff: oc.input(schemaDiffInput).output(type<SchemaComparison>()),
  },
  locks: {
    status: oc.input(byEnvironment).output(type<LockInfo>()),
    /** Ends the holder's session: a dead holder's, with `force` and a reason any. */
    release: oc.input(releaseLockInput).output(type<ReleasedLock>()),
  },
  activity: {
    /** Who works on the database, and who waits for whom. */
    list: oc.input(byEnvironment).output(type<ActivityReport>()),
    /** Ends a statement or a session; asks the name and a reason. */
    end: oc.input(endSessionInput).output(type<EndedSession>()),
  },
  rehearsals: {
    /** Tries the plan on a copy. */
    start: oc.input(rehearseInput).output(type<{ run: string }>()),
    get: oc.input(byId).output(type<Rehearsal>()),
    /** The last one of what is planned now; null: there is none. */
    ofPlan: oc.input(planRequest).output(type<{ rehearsal: Rehearsal | null }>()),
    /** The last one that this migration was part of; null: there is none. */
    ofMigration: oc
      .input(byEnvironment.extend({ version: z.string().max(512) }))
      .output(type<{ found: MigrationRehearsal | null }>()),
  },
  runs: {
    start: oc.input(startRunInput).output(type<{ run: string }>()),
    /** Corrects the history as `planRepair` showed it. */
    repair: oc.input(repairInput).output(type<{ run: string }>()),
    /** Moves the history as `planAdopt` showed it. */
    adopt: oc.input(adoptInput).output(type<{ run: string }>()),
    /** What cancelling it now would undo, and what would stay. */
    cancelPreview: oc.input(byId).output(type<CancelPreview>()),
    cancel: oc.input(byId).output(type<Record<string, never>>()),
    /** Where it failed, with the lines around it; null: nothing says where. */
    failedPlace: oc.input(byId).output(type<{ place: FailedPlace | null }>()),
    /** With what its database tells, where it did not end. Writes nothing. */
    show: oc.input(byId).output(type<ShownRun>()),
    /** Finds out what an interrupted run did, and writes it down; resumes nothing. With `wait` it takes as long as that. */
    reconcile: oc.input(reconcileInput).output(type<Reconciliation>()),
    /** What going on would do, and what its gate asks; the run is reconciled first. */
    planResume: oc.input(resumeRequest).output(type<ResumeView>()),
    resume: oc.input(resumeInput).output(type<{ run: string }>()),
    get: oc.input(byId).output(type<Run>()),
    list: oc
      .input(z.object({ environmentId: z.string().nullable(), limit: z.number().int().min(1).max(1000) }))
      .output(type<RunSummary[]>()),
    /** All that is known of it as one file; of a rehearsal by its own id, too. */
    report: oc
      .input(byId.extend({ format: z.enum(reportFormats) }))
      .output(type<{ name: string; type: string; base64: string }>()),
    /** Every record from `fromSeq` on, then live ones until the run ends. */
    watch: oc.input(byId.extend({ fromSeq: z.number().int().min(0) })).output(eventIterator(type<RunRecord>())),
    /** The stored records of a run: its log. */
    log: oc.input(byId).output(type<RunRecord[]>()),
  },
  backups: {
    create: oc.input(backupInput).output(type<{ run: string }>()),
    /** With a problem where the archive is missing or was changed. */
    list: oc.input(z.object({ environmentId: z.string().nullable() })).output(type<Backup[]>()),
    /** Removes what is beyond the limits; never what somebody may still need. */
    prune: oc.input(pruneInput).output(type<PruneReport>()),
    /** Makes the key that encrypted backups get from now on. */
    createKey: oc.input(archiveKeyInput).output(type<ArchiveKeyView>()),
    /** Makes a key from its passphrase usable until Lockkeeper ends. */
    unlock: oc.input(unlockInput).output(type<Record<string, never>>()),
    check: oc.input(byId).output(type<{ run: string }>()),
    /** Restores it into a copy and compares that with what was backed up. */
    prove: oc.input(proveInput).output(type<{ run: string }>()),
    /** Names a snapshot that somebody else has taken. */
    record: oc.input(recordBackupInput).output(type<Backup>()),
    /** What restoring would do, lose and need. */
    restorePlan: oc.input(restoreWanted).output(type<RestorePlan>()),
    restore: oc.input(restoreInput).output(type<{ run: string }>()),
    /** The same for bringing back what the restore of that run has kept, or removing what a crash left of it. */
    undoPlan: oc.input(z.object({ run: byId.shape.id })).output(type<UndoPlan>()),
    undoRestore: oc.input(undoInput).output(type<{ run: string }>()),
  },
  hooks: {
    /** Runs or tells it with a sample, marked as such. `environmentId` null: one of the workspace. */
    test: oc
      .input(z.object({ environmentId: z.string().max(64).nullable(), name: z.string().min(1).max(100) }))
      .output(type<HookTest>()),
    /** Kept in the keychain, to sign a webhook with. */
    setSecret: oc
      .input(z.object({ name: z.string().min(1).max(100), secret: z.string().min(leastHookSecret).max(4096) }))
      .output(type<Record<string, never>>()),
  },
  schedules: {
    /** `environmentId`: of one; null: of all. In the order of their next times. */
    list: oc.input(z.object({ environmentId: z.string().nullable() })).output(type<ScheduleView[]>()),
    add: oc.input(scheduleInput).output(type<ScheduleView>()),
    next: oc.input(byId.extend({ count: z.number().int().min(1).max(50) })).output(type<{ times: string[] }>()),
    pause: oc.input(byId).output(type<ScheduleView>()),
    resume: oc.input(byId).output(type<ScheduleView>()),
    remove: oc.input(byId).output(type<Record<string, never>>()),
  },
  fleets: {
    /** Databases or schemas that a query names; it is asked in a session that cannot write. */
    tenants: oc.input(fleetTenantsInput).output(type<{ members: { id: string; name: string }[] }>()),
    /** The members in their order, then each one's plan as it is made. */
    plan: oc.input(fleetPlanInput).output(eventIterator(type<FleetPlanEvent>())),
    start: oc.input(fleetStartInput).output(type<{ fleet: string }>()),
    /** Goes on with what is not done, and gives the go-ahead where it waits for one. */
    resume: oc.input(fleetResumeInput).output(type<{ fleet: string }>()),
    /** Begins nothing more and asks what runs to stop; also of one that another process runs. */
    cancel: oc.input(fleetById).output(type<{ cancelled: FleetCancellation }>()),
    get: oc.input(fleetById).output(type<{ fleet: Fleet; members: readonly FleetMember[] }>()),
    /** Newest first. */
    list: oc.input(z.object({ limit: z.number().int().min(1).max(1000) })).output(type<FleetSummary[]>()),
    /** The whole, then what changes of it, until it ends; also of one that another process runs. */
    watch: oc.input(fleetById).output(eventIterator(type<FleetEvent>())),
  },
  history: {
    list: oc
      .input(z.object({ environmentId: z.string().nullable(), limit: z.number().int().min(1).max(10_000) }))
      .output(type<HistoryLine[]>()),
    /** Durations and backup sizes over time. */
    trends: oc.input(z.object({ environmentId: z.string().nullable() })).output(type<Trends>()),
  },
  bundles: {
    /** Brings a piece of a file, which `open` then names. */
    part: oc.input(bundlePartInput).output(type<Record<string, never>>()),
    /** Reads a bundle, and keeps it when all of it holds; nothing of it is run. */
    open: oc.input(openBundleInput).output(type<BundleReport>()),
    get: oc.input(byDigest).output(type<BundleReport>()),
    /** Null: no text, or too long to be shown. */
    file: oc.input(bundleFileInput).output(type<{ text: string | null }>()),
    /** Does it suit an environment? */
    check: oc.input(checkBundleInput).output(type<BundleVerdict>()),
    /** Believes whoever signed it; the fingerprint must be the one that was compared. */
    trust: oc.input(trustSignerInput).output(type<BundleReport>()),
    /** Of an environment's folder, signed with this installation's key. */
    create: oc.input(createBundleInput).output(type<{ digest: string; base64: string; fingerprint: string }>()),
    /** This installation's key, for others to trust; made at its first use. */
    ownKey: oc.output(type<ReadKey>()),
  },
  /** Whose signatures are believed here, and in what. */
  trustedKeys: {
    list: oc.output(type<TrustedKey[]>()),
    /** What a key is, before anybody trusts it. */
    read: oc.input(readKeyInput).output(type<ReadKey>()),
    /** The fingerprint must be the one that was compared. A key that is there gets the further purposes, and the new name. */
    add: oc.input(addKeyInput).output(type<TrustedKey>()),
    remove: oc.input(removeKeyInput).output(type<TrustedKey>()),
  },
  tools: {
    list: oc.output(type<ToolsReport>()),
  },
};

export type Contract = typeof contract;
