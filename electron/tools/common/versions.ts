/** The orders in which tools sort their migrations, and the names they give new ones. */

/** By UTF-8 bytes, as C, Go and SQLite compare. */
export function compareBytes(left: string, right: string): number {
  if (left === right) return 0;
  // Halves of characters beyond 16 bits come before U+E000 as units, and after it as bytes; without them the orders agree.
  if (!halves.test(left) && !halves.test(right)) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

const halves = /[\ud800-\udfff]/;

/** As JavaScript compares texts: by UTF-16 units. */
export const byCodeUnits = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** By value; digits of any length, leading zeros without meaning. */
export function compareNumbers(left: string, right: string): number {
  const [a, b] = [left.replace(/^0+/, ''), right.replace(/^0+/, '')];
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Segments between dots by value, a missing one is 0: 1.2 = 1.2.0 < 1.10. Text segments come after numbers, in byte order. */
export function compareSegments(left: string, right: string): number {
  const [a, b] = [left.split('.'), right.split('.')];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = compareSegment(a[at] ?? '0', b[at] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function compareSegment(left: string, right: string): number {
  const [leftNumeric, rightNumeric] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (leftNumeric && rightNumeric) return compareNumbers(left, right);
  if (leftNumeric !== rightNumeric) return leftNumeric ? -1 : 1;
  return compareBytes(left, right);
}

/** The same text for versions that `compareSegments` finds equal. */
export function canonicalSegments(version: string): string {
  const segments = version.split('.').map((segment) => segment.replace(/^0+(?=\d)/, ''));
  while (segments.length > 1 && segments.at(-1) === '0') segments.pop();
  return segments.join('.');
}

/** `20260131235959` in UTC, as most tools number new migrations. */
export function timestampVersion(at: Date): string {
  return at.toISOString().replace(/\D/g, '').slice(0, 14);
}

/** The number after this one, with as many digits at least: `0009` becomes `0010`. */
export const nextNumber = (digits: string): string => String(BigInt(digits) + 1n).padStart(digits.length, '0');

/** A migration's name as part of a file name: `Add users!` becomes `add_users`. */
export function fileSlug(name: string): string {
  const slug = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return slug === '' ? 'migration' : slug;
}

/** Digits that fit a signed number of 64 bits. */
export const isInteger64 = (digits: string): boolean => /^\d{1,19}$/.test(digits) && BigInt(digits) < 2n ** 63n;
