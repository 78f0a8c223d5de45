/** The manifest's one form: what is read and written anew must be the same bytes, so that nothing in it is told twice. */
import { z } from 'zod';
import { type BundleManifest, products } from '../../../shared/model/bundle.ts';
import { raise } from '../../../shared/problem.ts';
import { damaged, unsafe, utf8 } from './faults.ts';
import { nameFault } from './names.ts';

export const format = 'lockkeeper bundle 1';
/** Bytes. */
export const longestManifest = 16 * 2 ** 20;
export const longestNotes = 20_000;
/** Its own values lie four deep. */
const deepest = 8;

const word = z.string().max(1000);
const range = { from: word.nullable(), to: word.nullable() };
const sha256 = z.string().regex(/^[\da-f]{64}$/);

/** The order of its fields is the order in the file. */
const schema = z.strictObject({
  format: z.literal(format),
  tool: z.string().max(40),
  origin: word.nullable(),
  notes: z.string().max(longestNotes).nullable(),
  range: z.strictObject({ from: word, to: word }),
  requires: z.strictObject({
    applications: z.array(word).max(1000),
    schemaVersion: word.nullable(),
    servers: z.array(z.strictObject({ product: z.enum(products), ...range })).max(100),
    extensions: z.array(z.string().min(1).max(63)).max(1000),
  }),
  migrations: z
    .array(
      z.strictObject({
        version: word,
        historyKey: word,
        name: word,
        kind: z.enum(['versioned', 'repeatable', 'baseline']),
        checksum: word.nullable(),
        otherChecksums: z.array(word).max(20),
        included: z.boolean(),
        reversible: z.boolean(),
        program: z.boolean(),
      }),
    )
    .max(50_000),
  files: z
    .array(z.strictObject({ path: z.string(), bytes: z.number().int().min(0), sha256 }))
    .min(1)
    .max(20_000),
}) satisfies z.ZodType<BundleManifest>;

/** @throws {ProblemError} `usage.invalid` when it holds more than a bundle may */
export function manifestBytes(manifest: BundleManifest): Buffer {
  const parsed = schema.safeParse(manifest);
  if (!parsed.success)
    return raise({
      code: 'usage.invalid',
      message: `A bundle cannot hold this: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`,
      hint: 'Shorten notes and names, or make several bundles of smaller ranges.',
    });
  const bytes = Buffer.from(JSON.stringify(parsed.data));
  return bytes.length > longestManifest ? unsafe('its manifest would be too large') : bytes;
}

/** @throws {ProblemError} `bundle.damaged`, `bundle.unsafe`, `bundle.newer` */
export function readManifest(bytes: Buffer): BundleManifest {
  if (bytes.length > longestManifest) unsafe('its manifest is too large');
  const text = utf8(bytes);
  if (depthOf(text) > deepest) unsafe('its manifest is nested too deep');
  const value = json(text);
  const parsed = schema.safeParse(value);
  if (!parsed.success) return isNewer(value) ? newer() : damaged('its manifest has another shape', parsed.error);
  if (JSON.stringify(parsed.data) !== text) unsafe('its manifest says something twice, or in another form');
  checkMigrations(parsed.data);
  for (const { path } of parsed.data.files) {
    const fault = nameFault(path);
    if (fault !== null) unsafe(`the name of a file in it ${fault}`);
  }
  return parsed.data;
}

function checkMigrations({ migrations, range: { from, to } }: BundleManifest): void {
  const keys = new Set(migrations.map(({ historyKey }) => historyKey));
  if (keys.size !== migrations.length) unsafe('its manifest names a migration twice');
  const included = migrations.filter((migration) => migration.included);
  if (!included.some(({ version }) => version === from) || !included.some(({ version }) => version === to))
    unsafe('its range is not what it includes');
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    return damaged('its manifest or signature is not JSON', thrown);
  }
}

/** Brackets within brackets, outside of texts. */
function depthOf(text: string): number {
  let [depth, most, quotedText] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const one = text[at];
    if (quotedText && one === '\\') at += 1;
    else if (one === '"') quotedText = !quotedText;
    else if (!quotedText && (one === '[' || one === '{')) most = Math.max(most, ++depth);
    else if (!quotedText && (one === ']' || one === '}')) depth -= 1;
  }
  return most;
}

const isNewer = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  typeof value.format === 'string' &&
  value.format !== format &&
  /^lockkeeper bundle \d+$/.test(value.format);

const newer = (): never =>
  raise({
    code: 'bundle.newer',
    message: 'This bundle was made by a newer Lockkeeper, in a form that this one does not know.',
    hint: 'Install that version here, or have the bundle made with this one.',
  });
