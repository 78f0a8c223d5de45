/** Keeps passwords by account name. Two kinds: the system's keychain, and memory for one session; never a file. */
export interface CredentialStore {
  /** Null: nothing is stored for the account. */
  get(account: string): Promise<Kept<string | null>>;
  /** @param secret not empty: an environment without a password says so itself (`CredentialReference`). */
  set(account: string, secret: string): Promise<Kept<true>>;
  /** False: there was nothing to delete. */
  delete(account: string): Promise<Kept<boolean>>;
  /** Can it be used right now? A keychain is tried by writing and removing an entry of our own. */
  health(): Promise<Kept<true>>;
}

/** What a store answered, or why it cannot. Being unavailable is an ordinary state that the interface shows. */
export type Kept<T> =
  | { readonly kind: 'available'; readonly value: T }
  | { readonly kind: 'unavailable'; readonly reason: UnavailableReason; readonly message: string };

/**
 * `notInstalled`: a library is missing. `noKeyring`: no keyring service runs, or it refused. `timedOut`: it did not answer,
 * most likely because it waits for somebody to unlock it.
 */
export type UnavailableReason = 'notInstalled' | 'noKeyring' | 'timedOut';
