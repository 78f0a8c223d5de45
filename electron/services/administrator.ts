/** The administrator's passphrase: set, asked for a time, taken away. Only a verifier of it is kept, in the keychain. */
import { ulid } from 'ulid';
import type { RolePassphraseInput } from '../../shared/contract/roles.ts';
import type { RoleStatus } from '../../shared/model/role.ts';
import { ProblemError, raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { available } from './keeping.ts';
import { createVerifier, isVerified } from './passphraseVerifier.ts';
import { recordAudit } from './recordAudit.ts';
import { rememberSecret } from './redact.ts';
import { requireLeast } from './roles.ts';

/** Wrong ones in a row, of every process that uses the workspace. */
interface Tries {
  readonly wrong: number;
  /** Milliseconds since the epoch. */
  readonly last: number;
}

const triesKey = 'administratorTries';
const LONGEST_WAIT_MS = 300_000;

export function roleStatus({ role, canUnlock, roleKeeper }: Context): RoleStatus {
  const set = canUnlock ? roleKeeper.passphrase() : null;
  const until = canUnlock ? roleKeeper.unlockedUntil() : null;
  return {
    role,
    passphrase: set !== null,
    startsAs: set?.startsAs ?? 'operator',
    unlockMinutes: set?.unlockMinutes ?? 15,
    unlockedUntil: until === null ? null : new Date(until).toISOString(),
  };
}

/**
 * For the minutes that are set, in this process.
 * @throws {ProblemError} `role.wrongPassphrase`, `role.tooManyTries`, `role.noPassphrase`, `role.verifierMissing`,
 * `keychain.unavailable`, `gate.role`
 */
export async function unlockAdministrator(context: Context, passphrase: string): Promise<RoleStatus> {
  const { roleKeeper } = context;
  if (!context.canUnlock) requireLeast(context, 'administrator', 'This');
  const set = roleKeeper.passphrase();
  if (set === null)
    return raise({
      code: 'role.noPassphrase',
      message: 'No passphrase is set: whoever sits at this computer is the administrator.',
      hint: 'Set one in Settings, Roles, or with: lockkeeper role set-passphrase',
    });
  rememberSecret(passphrase);
  countTry(context);
  const verifier = available(await context.credentials.keychain.get(set.account));
  if (verifier === null)
    return raise({
      code: 'role.verifierMissing',
      message: 'The keychain does not hold what the passphrase is compared with any more.',
      hint: 'Unlock the keychain in which it was set. If that is lost, import the environments into a new data directory.',
    });
  if (!(await isVerified(passphrase, verifier))) {
    audit(context, 'administrator passphrase was wrong', {});
    return raise({
      code: 'role.wrongPassphrase',
      message: 'This is not the administrator’s passphrase.',
      hint: 'Try again; each wrong one makes the next wait longer.',
    });
  }
  context.workspace.settings.remove(triesKey);
  roleKeeper.unlock();
  audit(context, 'administrator unlocked', { minutes: set.unlockMinutes });
  return changed(context);
}

/** Counted before it is compared: many at once are slowed like one after the other. */
function countTry({ workspace: { settings }, clock }: Context): void {
  const { wrong, last } = settings.get<Tries>(triesKey) ?? { wrong: 0, last: 0 };
  const wait = wrong === 0 ? 0 : Math.min(1000 * 2 ** (wrong - 1), LONGEST_WAIT_MS);
  const left = Math.min(wait, last + wait - clock.now());
  if (left > 0)
    raise({
      code: 'role.tooManyTries',
      message: `After ${wrong === 1 ? 'a wrong passphrase' : `${wrong} wrong passphrases`} the next try must wait.`,
      hint: `Try again in ${Math.ceil(left / 1000)} seconds.`,
    });
  settings.set(triesKey, { wrong: wrong + 1, last: clock.now() } satisfies Tries);
}

export function lockAdministrator(context: Context): RoleStatus {
  if (!context.canUnlock || context.roleKeeper.unlockedUntil() === null) return roleStatus(context);
  context.roleKeeper.lock();
  audit(context, 'administrator locked', {});
  return changed(context);
}

/** Whoever sets it stays unlocked for the time. @throws {ProblemError} `gate.role`, `keychain.unavailable` */
export async function setAdministratorPassphrase(
  context: Context,
  { passphrase, startsAs, unlockMinutes }: RolePassphraseInput,
): Promise<RoleStatus> {
  requireChange(context);
  rememberSecret(passphrase);
  const { keychain } = context.credentials;
  const before = context.roleKeeper.passphrase();
  const account = `administrator ${ulid()}`;
  available(await keychain.set(account, await createVerifier(passphrase)));
  context.roleKeeper.setPassphrase({ account, startsAs, unlockMinutes });
  context.workspace.settings.remove(triesKey);
  context.roleKeeper.unlock();
  if (before !== null) available(await keychain.delete(before.account));
  audit(context, 'administrator passphrase set', { startsAs, unlockMinutes });
  return changed(context);
}

/** @throws {ProblemError} `gate.role`, `keychain.unavailable` */
export async function removeAdministratorPassphrase(context: Context): Promise<RoleStatus> {
  requireChange(context);
  const before = context.roleKeeper.passphrase();
  if (before === null) return roleStatus(context);
  available(await context.credentials.keychain.delete(before.account));
  context.roleKeeper.setPassphrase(null);
  context.roleKeeper.lock();
  audit(context, 'administrator passphrase removed', {});
  return changed(context);
}

/** A token cannot change how those at the computer are asked. */
function requireChange(context: Context): void {
  requireLeast(context, 'administrator', 'Changing the passphrase');
  if (context.canUnlock) return;
  throw new ProblemError({
    code: 'gate.role',
    message: 'The passphrase is changed at the computer itself, not over HTTP.',
    state: 'Nothing was changed.',
    hint: 'Use Settings, Roles, or: lockkeeper role set-passphrase',
  });
}

function changed(context: Context): RoleStatus {
  context.changes.publish({ kind: 'settings', environmentId: null });
  return roleStatus(context);
}

const audit = (context: Context, action: string, detail: Readonly<Record<string, unknown>>): void =>
  recordAudit(context, { action, environment: null, run: null, detail });
