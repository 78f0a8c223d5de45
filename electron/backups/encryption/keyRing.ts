// The keys this process was given: reading an archive asks here, whoever reads it. Memory only.
import type { ArchiveKey } from './archiveKey.ts';

const keys = new Map<string, ArchiveKey>();

export const rememberKey = (key: ArchiveKey): void => {
  keys.set(key.id, key);
};

export const knownKey = (id: string): ArchiveKey | null => keys.get(id) ?? null;
