/** Who may do what: reads everything; runs, backs up, restores; manages the workspace. */
export const roles = ['viewer', 'operator', 'administrator'] as const;
export type Role = (typeof roles)[number];

export const isAtLeast = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);

/** What whoever has not unlocked the workspace may be. */
export const startingRoles = ['viewer', 'operator'] as const;
export type StartingRole = (typeof startingRoles)[number];

/** Who uses this backend now, and how to become its administrator. */
export interface RoleStatus {
  readonly role: Role;
  /** False: nobody set one, and whoever sits at the computer is the administrator. */
  readonly passphrase: boolean;
  readonly startsAs: StartingRole;
  readonly unlockMinutes: number;
  /** ISO 8601; null: it is locked, or nothing is to be unlocked. */
  readonly unlockedUntil: string | null;
}
