import { z } from 'zod';
import { backupLevels } from '../model/backup.ts';
import { weekdays } from '../model/changeWindow.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 22:00');

const changeWindow = z.object({
  days: z.array(z.enum(weekdays)).min(1).max(7).readonly(),
  from: time,
  to: time,
  timeZone: z
    .string()
    .min(1)
    .max(64)
    .refine(isTimeZone, 'no time zone that this computer knows, such as Europe/Berlin'),
});

/** As this runtime knows them. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const hazardCodes = z.array(z.string().min(1).max(100)).max(200).readonly();

export const protectionFields = {
  typedName: z.boolean(),
  reason: z.boolean(),
  backup: z.enum(['none', ...backupLevels]),
  externalBackups: z.boolean().exactOptional(),
  acceptHazards: z.boolean(),
  rehearsalHours: z.number().int().min(1).max(8760).nullable(),
  readOnly: z.boolean(),
  changeWindows: z.array(changeWindow).max(50).readonly().exactOptional(),
  freeze: z
    .object({
      until: z.iso.datetime(),
      reason: z.string().trim().min(1).max(2000),
      // Whoever sends it: the service writes its own.
      by: z.string().max(200),
    })
    .nullable()
    .exactOptional(),
  allowedHazards: hazardCodes.exactOptional(),
  forbiddenHazards: hazardCodes.exactOptional(),
  approvalHours: z.number().int().min(1).max(8760).nullable().exactOptional(),
};
