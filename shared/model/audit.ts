/** Where the audit log of a workspace was at some time. */
export interface AuditHead {
  /** Tells one computer's workspace from another's. */
  readonly workspace: string;
  /** Number of the newest entry; 0: there was none. */
  readonly entry: number;
  /** SHA-256 in hexadecimal, over that entry and all before it. */
  readonly hash: string;
}

/**
 * `broken`: an entry does not follow on the one before. `rewritten`, `removed`, `cutOff`: a witness tells of an entry that is
 * another one, or not there any more, in the middle or at the end. `signature`: a checkpoint is not by the key that it names.
 */
export type AuditFindingKind = 'broken' | 'rewritten' | 'removed' | 'cutOff' | 'signature';

export interface AuditFinding {
  readonly kind: AuditFindingKind;
  /** Its number. */
  readonly entry: number;
  readonly detail: string;
}

/** A head with its time, signed. */
export interface AuditCheckpoint {
  readonly head: AuditHead;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Ed25519 public key, DER in base64. */
  readonly key: string;
  /** Over the text that `checkpointText` makes, in base64. */
  readonly signature: string;
}

export interface AuditReport {
  readonly head: AuditHead | null;
  readonly entries: number;
  /** Signed checkpoints that were looked at, by the keys that signed them. */
  readonly checkpoints: number;
  readonly keys: readonly string[];
  /** Runs recorded in databases with where the log was. */
  readonly anchors: number;
  readonly findings: readonly AuditFinding[];
}
