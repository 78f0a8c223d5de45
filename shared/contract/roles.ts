import { z } from 'zod';
import { startingRoles } from '../model/role.ts';

/** What is typed to unlock; only compared. */
export const roleUnlockInput = z.object({ passphrase: z.string().min(1).max(1024) });

export const rolePassphraseInput = z.object({
  passphrase: z.string().min(12).max(1024),
  startsAs: z.enum(startingRoles),
  unlockMinutes: z.number().int().min(1).max(480),
});

export type RolePassphraseInput = z.infer<typeof rolePassphraseInput>;
