import type { Role } from './role.ts';

/** Who may use the REST API. The token itself is shown once and kept nowhere. */
export interface ApiToken {
  readonly id: string;
  /** The audit log names who came with it `token NAME`. */
  readonly name: string;
  readonly role: Role;
  /** Ids of the only environments that it may see; null: all. */
  readonly environments: readonly string[] | null;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly createdBy: string;
  /** Null: never. */
  readonly expiresAt: string | null;
  /** To the minute; null: not yet. */
  readonly lastUsedAt: string | null;
}
