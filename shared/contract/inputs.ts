import { z } from 'zod';
import { densities, themes } from '../model/appearance.ts';
import { archiveFormats } from '../model/backup.ts';
import { environmentColours, tiers, tlsModes } from '../model/environment.ts';
import { newBackupChoices } from '../model/rehearsal.ts';
import { repairActions } from '../model/repair.ts';
import { restorePlacements } from '../model/restore.ts';
import { approvalsInput } from './approval.ts';
import { protectionFields } from './protection.ts';
import { settingsLayer, settingsScope } from './settings.ts';

const text = z.string().max(4096);
const name = z.string().trim().min(1).max(100);
const id = z.string().min(1).max(200);

const connection = z.discriminatedUnion('engine', [
  z.object({
    engine: z.enum(['postgres', 'mysql']),
    host: text.min(1),
    port: z.number().int().min(1).max(65_535),
    database: text.min(1),
    user: text,
    tls: z.enum(tlsModes),
    tlsAuthorityFile: text.exactOptional(),
    tlsCertificateFile: text.exactOptional(),
    tlsKeyFile: text.exactOptional(),
    ssh: z
      .object({
        host: text.min(1),
        port: z.number().int().min(1).max(65_535).exactOptional(),
        user: text.exactOptional(),
        keyFile: text.exactOptional(),
        knownHostsFile: text.exactOptional(),
      })
      .exactOptional(),
    searchPath: text.exactOptional(),
  }),
  z.object({ engine: z.literal('sqlite'), file: text.min(1) }),
]);

const protection = z.object(protectionFields);

const source = z.object({
  path: text.min(1),
  tool: z.string().max(40).exactOptional(),
  historyTable: z.string().max(200).exactOptional(),
  placeholders: z.record(z.string(), z.string()).exactOptional(),
});

/** Where a password given now is kept. */
const secret = z.object({ password: text, keep: z.enum(['keychain', 'ask']) });

const environmentFields = {
  name,
  tier: z.enum(tiers),
  colour: z.enum(environmentColours),
  group: z.string().trim().max(100),
  connection,
  source: source.nullable(),
};

export const environmentInput = z.object({
  ...environmentFields,
  /** Absent: the tier's defaults. */
  protection: protection.exactOptional(),
  /** Null: no password is needed. */
  secret: secret.nullable(),
  /** With no `secret`: it gets the stored password of this environment, for the same address. */
  secretOf: id.exactOptional(),
});

export const environmentPatch = z.object({
  id,
  name: environmentFields.name.exactOptional(),
  tier: environmentFields.tier.exactOptional(),
  colour: environmentFields.colour.exactOptional(),
  group: environmentFields.group.exactOptional(),
  connection: connection.exactOptional(),
  source: environmentFields.source.exactOptional(),
  /** Null: as its tier has it again. */
  protection: protection.nullable().exactOptional(),
  /** Absent: the stored password stays. */
  secret: secret.nullable().exactOptional(),
});

/** Tests a connection before it is stored, or with `id` the stored one's password. */
export const connectionInput = z.object({ connection, password: text.nullable(), id: id.nullable() });

export const trustHostKeyInput = z.object({ connection, fingerprint: z.string().min(10).max(100) });

export const detectInput = z.object({
  path: text,
  /** Its database is looked at, too. */
  environmentId: id.exactOptional(),
  /** A person's choice; absent: as files and history tell. */
  tool: z.string().max(40).exactOptional(),
  historyTable: z.string().max(200).exactOptional(),
});

export const bundleDigest = z.string().regex(/^[\da-f]{64}$/);

export const targetInput = z.discriminatedUnion('direction', [
  z.object({
    direction: z.literal('up'),
    to: z.string().max(512).exactOptional(),
    steps: z.number().int().min(1).exactOptional(),
    bundle: bundleDigest.exactOptional(),
  }),
  z.object({
    direction: z.literal('down'),
    to: z.string().max(512).exactOptional(),
    steps: z.number().int().min(1).exactOptional(),
    version: z.string().max(512).exactOptional(),
    bundle: bundleDigest.exactOptional(),
  }),
]);

export const planRequest = z.object({
  environmentId: id,
  target: targetInput,
  /** Of a second person, from a plan file. */
  approvals: approvalsInput.exactOptional(),
});

export const rehearseInput = z.object({
  environmentId: id,
  target: targetInput,
  /** `auto`: with the rows where that is possible. */
  copy: z.enum(['auto', 'data', 'schema']),
  /** Whether a backup is taken first; `ifNeeded`: where none fits whose rows could be restored. */
  newBackup: z.enum(newBackupChoices),
  /** Those whose rows stand for all; null: no subset. */
  tables: z.array(text.min(1)).min(1).max(1000).nullable(),
  /** What making the copy asks for: `sharedLogin`, `busyServer`. */
  accept: z.array(z.string().max(100)).max(200),
});

export const startRunInput = z.object({
  environmentId: id,
  target: targetInput,
  /** Of the plan that was shown; another one is refused as stale. */
  fingerprint: z.string().length(64),
  backup: z.boolean(),
  /** What the person typed to confirm. */
  confirm: z.string().max(200).nullable(),
  reason: z.string().max(2000).nullable(),
  /** Accepted hazard codes. */
  accept: z.array(z.string().max(100)).max(200),
  continueOnError: z.boolean(),
  approvals: approvalsInput.exactOptional(),
});

/** Which backup or dump goes where. */
export const restoreWanted = z.object({
  /** The backup's id; absent with `file`. */
  id: id.exactOptional(),
  /** Path of somebody else's dump. */
  file: text.min(1).exactOptional(),
  /** Absent: the environment that the backup is of. */
  environmentId: id.exactOptional(),
  /** Absent: `swap`. */
  placement: z.enum(restorePlacements).exactOptional(),
  /** With `into`: the database's name, or the file's path. */
  into: text.min(1).exactOptional(),
});

const restoreAnswers = {
  backup: z.boolean(),
  confirm: z.string().max(200).nullable(),
  reason: z.string().max(2000).nullable(),
  accept: z.array(z.string().max(100)).max(200),
};

export const restoreInput = restoreWanted.extend(restoreAnswers);

/** `run`: of the restore. */
export const undoInput = z.object({ run: id, ...restoreAnswers });

export const repairRequest = z.object({
  environmentId: id,
  requests: z
    .array(
      z.discriminatedUnion('action', [
        z.object({ action: z.enum(repairActions), version: z.string().min(1).max(512) }),
        z.object({ action: z.literal('updateChecksums') }),
      ]),
    )
    .min(1)
    .max(10_000),
});

export const repairInput = repairRequest.extend({
  /** Of what `planRepair` showed; anything else is refused as stale. */
  fingerprint: z.string().length(64),
  backup: z.boolean(),
  confirm: z.string().max(200).nullable(),
  reason: z.string().max(2000).nullable(),
  accept: z.array(z.string().max(100)).max(20),
});

const toolId = z.string().min(1).max(40);

export const adoptRequest = z.object({
  environmentId: id,
  from: toolId.exactOptional(),
  to: toolId,
  sourceTo: text.min(1).exactOptional(),
  historyTableTo: z.string().min(1).max(200).exactOptional(),
  writeTo: text.min(1).exactOptional(),
});

export const adoptInput = adoptRequest.extend({
  /** Of what `planAdopt` showed; anything else is refused as stale. */
  fingerprint: z.string().length(64),
  backup: z.boolean(),
  confirm: z.string().max(200).nullable(),
  reason: z.string().max(2000).nullable(),
  accept: z.array(z.string().max(100)).max(20),
});

export const releaseLockInput = z.object({
  environmentId: id,
  /** The environment's name as typed. */
  confirm: z.string().max(200).nullable(),
  /** Also a holder that is alive. */
  force: z.boolean(),
  reason: z.string().max(2000).nullable(),
});

export const endSessionInput = z.object({
  environmentId: id,
  /** As the list of sessions tells it. */
  pid: z.number().int().min(1),
  how: z.enum(['cancel', 'terminate']),
  /** The environment's name as typed. */
  confirm: z.string().max(200).nullable(),
  reason: z.string().max(2000).nullable(),
});

export const reconcileInput = z.object({
  id,
  /** While the server still works for the run: tell it, wait for it, or end it. */
  orphan: z.enum(['tell', 'wait', 'cancel']),
  /** A person's word on the one statement that nothing tells of; with it a reason is needed. */
  answer: z.enum(['done', 'notDone']).nullable(),
  reason: z.string().max(2000).nullable(),
});

export const resumeRequest = z.object({ id, action: z.enum(['resume', 'rollBack']) });

export const resumeInput = resumeRequest.extend({
  /** Of the plan that `planResume` showed; anything else is refused as stale. */
  fingerprint: z.string().length(64),
  backup: z.boolean(),
  confirm: z.string().max(200).nullable(),
  reason: z.string().max(2000).nullable(),
  accept: z.array(z.string().max(100)).max(200),
});

/** Of one file. */
export const mostImportedCharacters = 1024 * 1024;

export const importInput = z.object({
  pgpass: z.boolean(),
  pgService: z.boolean(),
  myCnf: z.boolean(),
  /** Path of an export, or of a file that another program keeps connections in. */
  file: text.nullable(),
  /** Further ones. */
  files: z.array(text.min(1)).max(50).exactOptional(),
  /** Files whose text is here already, by their names. */
  texts: z
    .array(z.object({ name: z.string().min(1).max(255), text: z.string().max(mostImportedCharacters) }))
    .max(50)
    .exactOptional(),
  /** Names of those of the preview that are wanted; absent: all. */
  only: z.array(z.string().min(1).max(100)).max(10_000).exactOptional(),
  /** Passwords that the files hold go into the keychain; absent: they are asked for when they are needed. */
  keepPasswords: z.boolean().exactOptional(),
  /** Of what other programs' files name; null: development on this computer, else production. */
  tier: z.enum(tiers).nullable(),
  /** The file's settings for all environments and for tiers are added, too, where nothing is set here. */
  settings: z.boolean().exactOptional(),
  /** False: the settings alone. */
  environments: z.boolean().exactOptional(),
});

export const settingsInput = z.object({
  theme: z.enum(themes).exactOptional(),
  density: z.enum(densities).exactOptional(),
  /** Folders of this computer where dump programs are, besides the usual ones; absolute paths. */
  programFolders: z.array(text.min(1)).max(20).exactOptional(),
  /** Of the updates; https, without a password in it. */
  updateAddress: z
    .url({ protocol: /^https$/ })
    .max(2000)
    .nullable()
    .exactOptional(),
  /** Replaces what that level says; what it leaves out is inherited again. */
  layer: z.object({ scope: settingsScope, values: settingsLayer }).exactOptional(),
});

export const backupInput = z.object({
  environmentId: id,
  covers: z.enum(['everything', 'schema', 'tables']).exactOptional(),
  /** With `covers: 'tables'`: `name` or `schema.name`. */
  tables: z.array(text.min(1)).max(10_000).exactOptional(),
  /** Absent: as the settings say. */
  format: z.enum(archiveFormats).exactOptional(),
});

export const proveInput = z.object({
  id,
  /** `sharedLogin`, `busyServer`: what was refused before, and why, its problem says. */
  accept: z.array(text.min(1)).max(10).default([]),
});

export const recordBackupInput = z.object({ environmentId: id, name: text.min(1), reason: text.min(1) });

/** Null: what the settings of each environment say. */
export const pruneInput = z.object({
  environmentId: id.nullable(),
  olderThanDays: z.number().int().min(1).max(100_000).nullable(),
  keep: z.number().int().min(1).max(100_000).nullable(),
  dryRun: z.boolean(),
});

export type EnvironmentInput = z.infer<typeof environmentInput>;
export type EnvironmentPatch = z.infer<typeof environmentPatch>;
export type ConnectionInput = z.infer<typeof connectionInput>;
export type PlanRequest = z.infer<typeof planRequest>;
export type RestoreWantedInput = z.infer<typeof restoreWanted>;
export type ImportInput = z.infer<typeof importInput>;
export type SettingsInput = z.infer<typeof settingsInput>;

/** `before` and `after`: names of environments, or `history:VERSION`. Files are the command line's. */
export const schemaDiffInput = z.object({
  environmentId: id.nullable(),
  before: z.string().min(1).max(512),
  after: z.string().min(1).max(512),
  ignoring: z.object({
    columnOrder: z.boolean(),
    comments: z.boolean(),
    owners: z.boolean(),
    grants: z.boolean(),
    generatedNames: z.boolean(),
  }),
});

/** Which environments of the matrix to read; null: all. What was read less than `maxAgeMs` milliseconds ago is left out. */
export const matrixInput = z.object({
  environmentIds: z.array(id).max(10_000).nullable(),
  maxAgeMs: z.number().int().min(0),
});
