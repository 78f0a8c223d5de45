/** Stub. */
export const probe = (_statement: string): string | null => null;
