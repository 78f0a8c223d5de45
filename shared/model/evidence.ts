/** What somebody else's client program printed of an exported plan, compared with the history. */
export interface EvidenceStep {
  readonly version: string;
  readonly name: string;
  readonly action: 'apply' | 'revert';
  /** False: the output ends before it, and the history does not have it either. */
  readonly done: boolean;
  /** By the server's clock, ISO 8601 in UTC; null: it was not done. */
  readonly at: string | null;
  /** Account of the server; null where it has none. */
  readonly by: string | null;
}

export interface EvidenceReport {
  /** Fingerprint of the plan. */
  readonly plan: string;
  readonly environment: string;
  /** Id under which it is in the history. */
  readonly run: string;
  /** SHA-256 of the output. */
  readonly sha256: string;
  readonly complete: boolean;
  readonly steps: readonly EvidenceStep[];
}
