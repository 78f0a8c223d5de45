import type { CredentialStore, Kept } from './credentialStore.ts';

/** Keeps what was asked for in this process's memory only. */
export function createAskEachSession(): CredentialStore & { clear(): void } {
  const secrets = new Map<string, string>();
  return {
    get: async (account) => available(secrets.get(account) ?? null),
    set: async (account, secret) => {
      secrets.set(account, secret);
      return available(true);
    },
    delete: async (account) => available(secrets.delete(account)),
    health: async () => available(true),
    clear: () => secrets.clear(),
  };
}

const available = <T>(value: T): Kept<T> => ({ kind: 'available', value });
