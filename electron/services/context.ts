import type { Role } from '../../shared/model/role.ts';
import type { CredentialStore } from '../credentials/credentialStore.ts';
import type { Clock } from '../engine/ports.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { ChangeFeed } from './changeFeed.ts';
import type { LiveFleet } from './fleet/liveFleet.ts';
import type { RoleKeeper } from './roleKeeper.ts';
import type { RunRegistry } from './runRegistry.ts';

/** What every service shares; built once by `compose.ts`. */
export interface Context {
  readonly workspace: Workspace;
  readonly credentials: { readonly keychain: CredentialStore; readonly session: CredentialStore };
  readonly runs: RunRegistry;
  /** Those that go on in this process, by their ids. */
  readonly fleets: Map<string, LiveFleet>;
  readonly changes: ChangeFeed;
  readonly clock: Clock;
  readonly host: HostFacts;
  /** Of whoever uses this backend, now: it changes when an administrator unlocks or the time is over. */
  readonly role: Role;
  /** Whoever uses it may become its administrator with the passphrase; false for tokens. */
  readonly canUnlock: boolean;
  readonly roleKeeper: RoleKeeper;
}

/** Who and where we are; shown to other people as the holder of a lock and kept in the history. */
export interface HostFacts {
  readonly user: string;
  readonly hostName: string;
  readonly process: number;
  readonly version: string;
  /** `migrations-samples`, for the demo. */
  readonly samplesFolder: string;
  /** A folder dialog of the shell; null where it has none. */
  readonly pickFolder: (() => Promise<string | null>) | null;
  readonly shell: 'electron' | 'browser' | 'commandLine';
  /** Whoever uses this backend sits at this computer: programs with a window may be shown to them. */
  readonly atThisComputer: boolean;
}
