/** What a key of somebody else is believed to sign. */
export const keyPurposes = ['bundles', 'approvals'] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** Characters of a public key as text; an Ed25519 key needs about a hundred. */
export const longestKey = 4096;
/** Characters of the name of whose key it is. */
export const longestKeyName = 200;

/** A key as it was given, with what two people compare. */
export interface ReadKey {
  /** SPKI in DER, base64. */
  readonly publicKey: string;
  /** SHA-256 over the DER, hexadecimal in groups of four. */
  readonly fingerprint: string;
}

/** An Ed25519 public key that an administrator of this workspace has compared and added. */
export interface TrustedKey extends ReadKey {
  /** Whose it is, in the words of whoever added it. */
  readonly name: string;
  readonly purposes: readonly KeyPurpose[];
  /** ISO 8601 in UTC. */
  readonly addedAt: string;
  readonly addedBy: string;
}
