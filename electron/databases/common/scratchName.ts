import { ulid } from 'ulid';

/** A name that no other database has, and that tells where it comes from should it ever be left behind. */
export const scratchName = (): string => `lockkeeper_test_${ulid().toLowerCase()}`;
