import { z } from 'zod';
import { backupLevels } from '../model/backup.ts';

export const protectionFields = {
  typedName: z.boolean(),
  reason: z.boolean(),
  backup: z.enum(['none', ...backupLevels]),
  acceptHazards: z.boolean(),
  readOnly: z.boolean(),
};
