import { z } from 'zod';
import { settingsLayer } from '../../shared/contract/settings.ts';
import { tiers } from '../../shared/model/environment.ts';

/** What an administrator's file holds (`policy.ts`). */
export const policy = z.strictObject({
  lockkeeperPolicy: z.literal(1),
  workspace: settingsLayer.exactOptional(),
  tiers: z.partialRecord(z.enum(tiers), settingsLayer).exactOptional(),
});
