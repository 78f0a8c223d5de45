/** Inputs about keys of others. */
import { z } from 'zod';
import { keyPurposes, longestKey, longestKeyName } from '../model/trustedKey.ts';

/** PEM, or DER in base64. */
const key = z.string().max(longestKey);
const fingerprint = z.string().max(200);

export const readKeyInput = z.object({ key });
export const addKeyInput = z.object({
  key,
  name: z.string().trim().min(1).max(longestKeyName),
  purposes: z.array(z.enum(keyPurposes)).min(1).max(keyPurposes.length),
  fingerprint,
});
export const removeKeyInput = z.object({ fingerprint, reason: z.string().trim().min(1).max(2000) });
