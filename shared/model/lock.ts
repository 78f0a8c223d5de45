/** Who runs migrations on a history table right now. */
export interface LockHolder {
  readonly person: string | null;
  readonly host: string | null;
  /** Operating-system process, or the server's session where only that is known. */
  readonly process: string | null;
  /** ISO 8601 in UTC. */
  readonly since: string | null;
  readonly alive: boolean;
  /** How a lock that can outlive its holder is ended, in a sentence; absent: it ends with its session. */
  readonly remedy?: string;
}

export interface LockInfo {
  readonly held: boolean;
  readonly holder: LockHolder | null;
  /** Milliseconds of asking after which a holder that gives no sign of life is out of the way; absent: it ends by itself. */
  readonly freeInMs?: number;
}
