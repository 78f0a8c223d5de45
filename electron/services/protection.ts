/** Whose protection holds for a target, and what it asks for a plan. */
import path from 'node:path';
import type { Connection, Environment, Protection } from '../../shared/model/environment.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import type { Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { lastKnown } from './lastKnown.ts';
import { roleRefusal } from './roles.ts';
import type { TargetDatabase } from './target.ts';

export interface HoldingProtection {
  readonly protection: Protection;
  /** The name to type where one is asked. */
  readonly name: string;
  readonly problem: Problem | null;
}

/**
 * An environment has its own. An ad hoc connection to a known environment's database has that environment's;
 * an unknown one off loopback must name its tier.
 */
export function protectionOf(context: Context, target: TargetDatabase, session: Session): HoldingProtection {
  const { environment } = target;
  if (environment.id !== '') return held(context, environment);
  const known = context.workspace.environments
    .list()
    .find(
      (one) =>
        lastKnown(context, one.id)?.serverId === session.identity.id ||
        hasSameAddress(one.connection, environment.connection),
    );
  if (known !== undefined) return held(context, known);
  return {
    protection: environment.protection,
    name: environment.name,
    problem: target.tierMissing ? tierMissing(environment.name) : roleRefusal(context, environment),
  };
}

/** Also an environment that was never reached is known by its address. */
function hasSameAddress(one: Connection, other: Connection): boolean {
  if (one.engine === 'sqlite') return other.engine === 'sqlite' && path.resolve(one.file) === path.resolve(other.file);
  if (other.engine === 'sqlite') return false;
  const isSameServer = one.host.toLowerCase() === other.host.toLowerCase() && one.port === other.port;
  return one.engine === other.engine && isSameServer && one.database === other.database;
}

const held = (context: Context, environment: Environment): HoldingProtection => ({
  protection: environment.protection,
  name: environment.name,
  problem: roleRefusal(context, environment),
});

const tierMissing = (name: string): Problem => ({
  code: 'gate.tierRequired',
  message: `${name} is not a known environment and not on this computer: its tier must be named.`,
  state: nothingChanged,
  hint: 'Add --tier development, test, staging or production.',
});
