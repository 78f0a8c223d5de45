/** Before every procedure: whoever calls it must have the role that `leastRoles` names. */
import { type AnyProcedure, os } from '@orpc/server';
import { leastRoles } from '../../shared/contract/leastRoles.ts';
import { isAtLeast, type Role } from '../../shared/model/role.ts';
import type { Context } from '../services/context.ts';
import { requireLeast } from '../services/roles.ts';

/**
 * `known` is filled when the router stands (`nameProcedures`): a procedure is recognised by its handler, not by a path
 * that a way in could leave out; handlers of servers copy the procedure around it. An unknown one is for administrators.
 */
export const requireRoleOf = (context: Context, known: ReadonlyMap<object, NamedProcedure>) =>
  os.middleware(({ next, procedure }) => {
    const { name, least } = known.get(procedure['~orpc'].handler) ?? { name: 'This', least: 'administrator' };
    if (!isAtLeast(context.role, least)) requireLeast(context, least, name);
    return next();
  });

export interface NamedProcedure {
  readonly name: string;
  readonly least: Role;
}

/** Each procedure of a router with the name that its contract has for it. */
export function nameProcedures(
  router: Readonly<Record<string, Readonly<Record<string, AnyProcedure>>>>,
  known: Map<object, NamedProcedure>,
): void {
  for (const [group, least] of Object.entries<Readonly<Record<string, Role>>>(leastRoles))
    for (const [name, role] of Object.entries(least)) {
      const procedure = router[group]?.[name];
      if (procedure !== undefined) known.set(procedure['~orpc'].handler, { name: `${group}.${name}`, least: role });
    }
}
