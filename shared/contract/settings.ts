import { z } from 'zod';
import { archiveFormats, compressionLevels } from '../model/backup.ts';
import { tiers } from '../model/environment.ts';
import { hookMoments } from '../model/hook.ts';
import { runActions } from '../model/run.ts';
import { applyAtStartChoices, foreignKeyMethods, onlineAlterPrograms, type SettingsLayer } from '../model/settings.ts';
import { protectionFields } from './protection.ts';

const text = z.string().max(4096);
/** Days or numbers that limit something; null: no limit. */
const limit = z.number().int().min(1).max(100_000).nullable().exactOptional();

const dumpCommand = z.object({
  command: z.array(text.min(1)).min(1).max(50).readonly(),
  shell: z.boolean(),
  host: text.min(1).nullable(),
  port: z.number().int().min(1).max(65_535).nullable(),
});

const backup = z.object({
  folder: text.min(1).nullable().exactOptional(),
  format: z.enum(archiveFormats).exactOptional(),
  compression: z.number().int().min(compressionLevels.least).max(compressionLevels.most).exactOptional(),
  encrypted: z.boolean().exactOptional(),
  dumpCommand: dumpCommand.nullable().exactOptional(),
  provingServer: z
    .object({ url: text.min(1), account: text.min(1).nullable() })
    .nullable()
    .exactOptional(),
});

const hookBase = z.object({
  name: z.string().trim().min(1).max(100),
  moment: z.enum(hookMoments),
  actions: z.array(z.enum(runActions)).min(1).readonly(),
  timeoutSeconds: z.number().int().min(1).max(3600),
});

const hook = z.discriminatedUnion('kind', [
  hookBase.extend({
    kind: z.literal('command'),
    command: z.array(text.min(1)).min(1).max(100).readonly(),
    folder: text.min(1).exactOptional(),
  }),
  hookBase.extend({ kind: z.literal('webhook'), url: text.min(1), signed: z.boolean() }),
]);

/** What one level says of the settings. */
export const settingsLayer = z.object({
  protection: z
    .object({
      typedName: protectionFields.typedName.exactOptional(),
      reason: protectionFields.reason.exactOptional(),
      backup: protectionFields.backup.exactOptional(),
      externalBackups: protectionFields.externalBackups,
      acceptHazards: protectionFields.acceptHazards.exactOptional(),
      rehearsalHours: protectionFields.rehearsalHours.exactOptional(),
      readOnly: protectionFields.readOnly.exactOptional(),
      changeWindows: protectionFields.changeWindows,
      freeze: protectionFields.freeze,
      allowedHazards: protectionFields.allowedHazards,
      forbiddenHazards: protectionFields.forbiddenHazards,
      approvalHours: protectionFields.approvalHours,
    })
    .exactOptional(),
  applyAtStart: z.enum(applyAtStartChoices).exactOptional(),
  administratorOnly: z.boolean().exactOptional(),
  progress: z.boolean().exactOptional(),
  detailedLogs: z.boolean().exactOptional(),
  backup: backup.exactOptional(),
  backupRetention: z
    .object({ days: limit, count: limit, undoDays: z.number().int().min(1).max(100_000).exactOptional() })
    .exactOptional(),
  lockTimeoutMs: z.number().int().min(100).max(600_000).exactOptional(),
  lockAttempts: z.number().int().min(1).max(100).exactOptional(),
  onlineAlter: z
    .object({
      program: z.enum(onlineAlterPrograms).exactOptional(),
      fromMegabytes: z.number().int().min(0).max(100_000_000).exactOptional(),
      foreignKeys: z.enum(foreignKeyMethods).exactOptional(),
      pauseAbove: z.number().int().min(1).max(100_000).exactOptional(),
      stopAbove: z.number().int().min(1).max(100_000).exactOptional(),
      maxLagSeconds: z.number().int().min(1).max(100_000).exactOptional(),
      portionMs: z.number().int().min(10).max(60_000).exactOptional(),
    })
    .exactOptional(),
  logRetentionDays: limit,
  rehearsalRetentionDays: limit,
  schemaRetentionDays: limit,
  hooks: z.array(hook).max(20).readonly().exactOptional(),
}) satisfies z.ZodType<SettingsLayer>;

/** Whose settings. */
export const settingsScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('workspace') }),
  z.object({ kind: z.literal('tier'), tier: z.enum(tiers) }),
  z.object({ kind: z.literal('environment'), id: z.string().min(1).max(64) }),
]);

export type SettingsScope = z.infer<typeof settingsScope>;

/** A passphrase that encrypts backups must not be guessed from a stolen disk. */
const passphrase = z.string().min(12).max(1024);

export const archiveKeyInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('random') }),
  z.object({ kind: z.literal('passphrase'), passphrase, keep: z.enum(['keychain', 'ask']) }),
]);

/** `backup`: the one whose key it is; null: the key that new backups get. */
export const unlockInput = z.object({
  backup: z.string().min(1).max(64).nullable(),
  passphrase: z.string().min(1).max(1024),
});

export type ArchiveKeyInput = z.infer<typeof archiveKeyInput>;
export type UnlockInput = z.infer<typeof unlockInput>;
