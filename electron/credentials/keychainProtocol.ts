// What the keychain's process is asked and what it answers.
export type KeychainRequest =
  | { readonly kind: 'get' | 'delete'; readonly account: string }
  | { readonly kind: 'set'; readonly account: string; readonly secret: string }
  | { readonly kind: 'health' };

/** `value`: the secret or null of a `get`; whether something was there of a `delete`. */
export type KeychainAnswer =
  | { readonly id: number; readonly value: string | boolean | null }
  | { readonly id: number; readonly failure: 'notInstalled' | 'noKeyring'; readonly message: string };
