/** Who may do what: every way in asks here, and services ask again for what administrators only may do. */
import type { Environment } from '../../shared/model/environment.ts';
import { isAtLeast, type Role } from '../../shared/model/role.ts';
import { nothingChanged, type Problem, ProblemError } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { settingsOf } from './settingsOf.ts';

/**
 * The same backend for somebody else: who comes with a token over HTTP, or with a schedule. It cannot be unlocked.
 * `createRouter(contextWithRole(context, 'viewer', 'token build'))` makes a router that refuses by that role.
 * @param user as the audit log and locks name them; absent: whoever started this process
 */
export const contextWithRole = (context: Context, role: Role, user = context.host.user): Context => ({
  ...context,
  host: { ...context.host, user },
  role,
  canUnlock: false,
});

/** @throws {ProblemError} `gate.role` @param what `Adding an environment` */
export function requireLeast({ role, canUnlock }: Context, least: Role, what: string): void {
  if (!isAtLeast(role, least)) throw new ProblemError(refusal(`${what} needs`, least, role, canUnlock));
}

/** Why whoever this is may change nothing there; null: they may. */
export function roleRefusal(
  context: Context,
  environment: Pick<Environment, 'tier' | 'settings' | 'name'>,
): Problem | null {
  const { role, canUnlock } = context;
  const least = settingsOf(context, environment).administratorOnly ? 'administrator' : 'operator';
  return isAtLeast(role, least) ? null : refusal(`Changing ${environment.name} needs`, least, role, canUnlock);
}

/** @throws {ProblemError} `gate.role` */
export const requireAdministrator = (context: Context, { name }: Pick<Environment, 'name'>): void =>
  requireLeast(context, 'administrator', `Managing ${name}`);

/** @throws {ProblemError} `gate.role` */
export const requireRole = (context: Context, administratorOnly: boolean): void =>
  requireLeast(context, administratorOnly ? 'administrator' : 'viewer', 'This part of the workspace');

const refusal = (needs: string, least: Role, role: Role, canUnlock: boolean): Problem => ({
  code: 'gate.role',
  message: `${needs} ${article(least)} ${least}; here you are ${article(role)} ${role}.`,
  state: nothingChanged,
  hint: canUnlock
    ? 'Unlock as administrator in the head of the window, or give the passphrase with --passphrase-stdin or --passphrase-env.'
    : `Ask ${article(least)} ${least} to do it.`,
});

const article = (role: Role): string => (role === 'viewer' ? 'a' : 'an');
