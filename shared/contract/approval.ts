import { z } from 'zod';

export const person = z.object({ user: z.string().min(1).max(200), host: z.string().min(1).max(300) });

export const hazardCode = z.string().min(1).max(100);

const approvalInput = z.object({
  by: person,
  at: z.iso.datetime(),
  note: z.string().max(2000).nullable(),
  hazards: z.array(hazardCode).max(1000).readonly(),
  publicKey: z.string().max(200),
  signature: z.string().max(200),
});

/** As they lie in a plan file, from whoever carried it. */
export const approvalsInput = z.array(approvalInput).max(20).readonly();
