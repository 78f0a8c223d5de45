import { z } from 'zod';
import { backupLevels } from '../model/backup.ts';

export const protectionFields = {
  typedName: z.boolean(),
  reason: z.boolean(),
  backup: z.enum(['none', ...backupLevels]),
  externalBackups: z.boolean().exactOptional(),
  acceptHazards: z.boolean(),
  rehearsalHours: z.number().int().min(1).max(8760).nullable(),
  readOnly: z.boolean(),
};
