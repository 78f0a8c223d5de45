/** What a key of somebody else is believed to sign. */
export const keyPurposes = ['bundles', 'approvals'] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** An Ed25519 public key that an administrator of this workspace has compared and added. */
export interface TrustedKey {
  /** SPKI in DER, base64. */
  readonly publicKey: string;
  /** SHA-256 over the DER, hexadecimal in groups of four: what two people compare. */
  readonly fingerprint: string;
  /** Whose it is, in the words of whoever added it. */
  readonly name: string;
  readonly purposes: readonly KeyPurpose[];
  /** ISO 8601 in UTC. */
  readonly addedAt: string;
  readonly addedBy: string;
}
