/** Where the setting “administrators only” is enforced. */
import type { Environment } from '../../shared/model/environment.ts';
import { nothingChanged, type Problem, ProblemError } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { settingsOf } from './settingsOf.ts';

/** Why whoever this is may change nothing there; null: they may. */
export function roleRefusal(
  context: Context,
  environment: Pick<Environment, 'tier' | 'settings' | 'name'>,
): Problem | null {
  if (context.role === 'administrator' || !settingsOf(context, environment).administratorOnly) return null;
  return refusal(environment.name);
}

/** @throws {ProblemError} `gate.role` */
export function requireAdministrator(
  context: Context,
  environment: Pick<Environment, 'tier' | 'settings' | 'name'>,
): void {
  const refused = roleRefusal(context, environment);
  if (refused !== null) throw new ProblemError(refused);
}

/** @throws {ProblemError} `gate.role` */
export function requireRole({ role }: Context, administratorOnly: boolean): void {
  if (administratorOnly && role !== 'administrator') throw new ProblemError(refusal('This workspace'));
}

const refusal = (what: string): Problem => ({
  code: 'gate.role',
  message: `${what} is managed by administrators only.`,
  state: nothingChanged,
  hint: 'Ask an administrator to do it.',
});
