/** What acts on other people's sessions asks, whatever the tier: the environment's name typed, and a reason. */
import { ProblemError, raise } from '../../shared/problem.ts';
import { readOnly } from '../engine/gate.ts';
import type { Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { protectionOf } from './protection.ts';
import type { TargetDatabase } from './target.ts';

export interface Confirmation {
  /** The environment's name, typed. */
  readonly confirm: string | null;
  readonly reason: string | null;
}

/** @throws {ProblemError} `gate.*` @param what `Releasing the lock` */
export function requireConfirmed(
  context: Context,
  target: TargetDatabase,
  session: Session,
  { confirm }: Pick<Confirmation, 'confirm'>,
  what: string,
): void {
  const held = protectionOf(context, target, session);
  if (held.problem !== null) throw new ProblemError(held.problem);
  // To free a database from a session is no change of it: only a read-only environment refuses it.
  if (held.protection.readOnly) throw new ProblemError(readOnly(held.name));
  if (confirm === held.name) return;
  raise({
    code: 'gate.confirmation',
    message: `${what} on ${held.name} must be confirmed with its name.`,
    hint: `Confirm with the name: --confirm "${held.name}"`,
  });
}

/** @throws {ProblemError} `gate.reason` */
export function requireReason({ reason }: Pick<Confirmation, 'reason'>, what: string): void {
  if (reason !== null && reason.trim() !== '') return;
  raise({
    code: 'gate.reason',
    message: `${what} needs a reason; it is kept in the audit log.`,
    hint: 'Say why: --reason "…"',
  });
}
