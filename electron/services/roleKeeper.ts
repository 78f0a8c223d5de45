/** Which role holds in this process now: what the workspace starts as, until somebody has unlocked it, for a time. */
import type { Role, StartingRole } from '../../shared/model/role.ts';
import type { Clock } from '../engine/ports.ts';
import type { Settings } from '../workspace/settings.ts';

/** What is stored of a passphrase. The verifier itself is in the keychain. */
export interface PassphraseReference {
  /** Of the keychain; another one with each passphrase, so that a new one locks whoever unlocked with the old. */
  readonly account: string;
  readonly startsAs: StartingRole;
  readonly unlockMinutes: number;
}

export interface RoleKeeper {
  role(): Role;
  /** Null: nobody set one. */
  passphrase(): PassphraseReference | null;
  setPassphrase(reference: PassphraseReference | null): void;
  /** Milliseconds since the epoch; null: locked. */
  unlockedUntil(): number | null;
  unlock(): void;
  lock(): void;
}

const passphraseKey = 'administratorPassphrase';
const MINUTE_MS = 60_000;

export function createRoleKeeper(settings: Settings, clock: Clock): RoleKeeper {
  let unlocked: { readonly account: string; readonly until: number; readonly elapsed: number } | null = null;
  const passphrase = () => settings.get<PassphraseReference>(passphraseKey);

  /** By both clocks: one stands still while a computer sleeps, the other can be set back. */
  function unlockedUntil(): number | null {
    if (unlocked === null) return null;
    const over = clock.now() >= unlocked.until || clock.elapsed() >= unlocked.elapsed;
    if (over || passphrase()?.account !== unlocked.account) unlocked = null;
    return unlocked?.until ?? null;
  }

  return {
    passphrase,
    unlockedUntil,
    role() {
      const set = passphrase();
      return set === null || unlockedUntil() !== null ? 'administrator' : set.startsAs;
    },
    setPassphrase(reference) {
      if (reference === null) settings.remove(passphraseKey);
      else settings.set(passphraseKey, reference);
    },
    unlock() {
      const set = passphrase();
      if (set === null) return;
      const lasting = set.unlockMinutes * MINUTE_MS;
      unlocked = { account: set.account, until: clock.now() + lasting, elapsed: clock.elapsed() + lasting };
    },
    lock() {
      unlocked = null;
    },
  };
}
