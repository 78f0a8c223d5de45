/** Databases or schemas beside an environment's own, as a person's query names them. */
import { type TenantKind, tenantOf } from '../../../shared/model/tenant.ts';
import { raise } from '../../../shared/problem.ts';
import { ServerFault } from '../../engine/ports.ts';
import type { Context } from '../context.ts';
import { resolveTarget, type TargetRequest, withSession } from '../target.ts';

const mostTenants = 10_000;
/** Of every engine. */
const longestName = 64;

/**
 * The first column of the query's rows, each name once, as ids. Asked in a session that cannot write.
 * @throws {ProblemError} `fleet.tenants` where it fails or names none
 */
export async function discoverTenants(
  context: Context,
  request: TargetRequest & { kind: 'environment' },
  query: string,
  kind: TenantKind,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const target = await resolveTarget(context, request);
  const rows = await withSession(context, target, async (session) => {
    try {
      return await session.query(query);
    } catch (thrown) {
      if (!(thrown instanceof ServerFault)) throw thrown;
      return raise({ ...failed, serverMessage: thrown.message }, thrown);
    }
  });
  const names = new Set(rows.flatMap((row) => Object.values(row).slice(0, 1)).flatMap(nameOf));
  if (names.size === 0) raise({ ...failed, message: `The query names no tenant of ${target.environment.name}.` });
  if (names.size > mostTenants)
    raise({ ...failed, message: `The query names ${names.size} tenants; a fleet has at most ${mostTenants}.` });
  return [...names].map((name) => tenantOf(target.environment, kind, name));
}

const nameOf = (value: string | number | boolean | null | undefined): string[] => {
  const name = value === null || value === undefined ? '' : String(value);
  return name === '' || name.length > longestName ? [] : [name];
};

const failed = {
  code: 'fleet.tenants',
  message: 'The query for the tenants cannot be answered.',
  hint: "Give one that only reads, and whose first column holds their names, such as: SELECT datname FROM pg_database WHERE datname LIKE 'shop_%'",
} as const;
