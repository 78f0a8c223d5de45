/** Inputs about bundles. */
import { z } from 'zod';
import { products } from '../model/bundle.ts';
import { bundleDigest } from './inputs.ts';

const word = z.string().trim().max(1000);

const upload = z.string().regex(/^[\da-f-]{36}$/);

/** A piece of a file that is brought from a window; each begins where the one before ended. */
export const bundlePartInput = z.object({
  upload,
  /** Bytes. */
  offset: z.number().int().min(0),
  /** Less than a request may have. */
  base64: z.string().max(900_000),
});

export const openBundleInput = z.union([
  z.object({ name: word, upload }),
  /** A file of the computer that Lockkeeper runs on. */
  z.object({ path: z.string().min(1).max(4096) }),
]);

export const byDigest = z.object({ digest: bundleDigest });
export const bundleFileInput = byDigest.extend({ path: z.string().min(1).max(1000) });
export const checkBundleInput = byDigest.extend({ environmentId: z.string().min(1).max(64) });
export const trustSignerInput = byDigest.extend({
  name: z.string().trim().min(1).max(200),
  fingerprint: z.string().max(200),
});

export const createBundleInput = z.object({
  environmentId: z.string().min(1).max(64),
  from: word.nullable(),
  to: word.nullable(),
  origin: word.nullable(),
  notes: z.string().max(20_000).nullable(),
  requires: z.object({
    applications: z.array(word).max(100),
    schemaVersion: word.nullable(),
    servers: z.array(z.object({ product: z.enum(products), from: word.nullable(), to: word.nullable() })).max(20),
    extensions: z.array(word).max(100),
  }),
});
