import type { RangeVar } from 'libpg-query';

/** Weakest first, as the server numbers them from 1. */
export const lockModes = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;
export type LockMode = (typeof lockModes)[number];

export interface TableLock {
  readonly relation: RangeVar;
  readonly mode: LockMode;
}

export const stronger = (one: LockMode, other: LockMode): LockMode =>
  lockModes.indexOf(one) >= lockModes.indexOf(other) ? one : other;

/** It keeps out writers; ACCESS EXCLUSIVE keeps out readers, too. */
export const blocksWrites = (mode: LockMode): boolean => lockModes.indexOf(mode) >= lockModes.indexOf('SHARE');
