/** Who calls the REST API: a token, with the backend as its role sees it. */
import { createRouterClient, type RouterClient } from '@orpc/server';
import type { Environment } from '../../../shared/model/environment.ts';
import type { Fleet, FleetMember } from '../../../shared/model/fleet.ts';
import type { Run } from '../../../shared/model/run.ts';
import type { ScheduleView } from '../../../shared/model/schedule.ts';
import type { ApiToken } from '../../../shared/model/token.ts';
import { raise } from '../../../shared/problem.ts';
import type { Context } from '../../services/context.ts';
import { contextWithRole } from '../../services/roles.ts';
import { createRouter, type Router } from '../router.ts';

export interface Caller {
  readonly token: ApiToken;
  readonly context: Context;
  /** The same procedures as the window's, which refuse by the token's role. */
  readonly call: RouterClient<Router>;
}

export function callerOf(context: Context, token: ApiToken): Caller {
  const asToken = contextWithRole(context, token.role, `token ${token.name}`);
  const own = { ...asToken, host: { ...asToken.host, pickFolder: null, atThisComputer: false } };
  return { token, context: own, call: createRouterClient(createRouter(own)) };
}

/** One that the token may not see is one that is not there. @throws {ProblemError} `environment.notFound` */
export function environmentOf({ token, context }: Caller, nameOrId: string): Environment {
  const found = context.workspace.environments.find(nameOrId);
  if (found !== null && maySee(token, found.id)) return found;
  return raise({
    code: 'environment.notFound',
    message: `There is no environment “${nameOrId}”.`,
    hint: 'List those that this token may see: GET /api/environments',
  });
}

/** @throws {ProblemError} `run.notFound` */
export async function runOf({ token, context }: Caller, id: string): Promise<Run> {
  const run = await context.runs.get(id);
  if (token.environments === null || (run.environmentId !== null && maySee(token, run.environmentId))) return run;
  return raise({ code: 'run.notFound', message: `There is no run ${id}.`, hint: 'List the runs of this workspace.' });
}

/** That the token may have the backup of this id. @throws {ProblemError} `backup.notFound` */
export function requireBackup({ token, context }: Caller, id: string): void {
  const backup = context.workspace.backups.get(id);
  const environment = backup === null ? null : context.workspace.environments.find(backup.environment);
  if (backup !== null && (token.environments === null || (environment !== null && maySee(token, environment.id))))
    return;
  raise({
    code: 'backup.notFound',
    message: `There is no backup ${id}.`,
    hint: 'List the backups of an environment: GET /api/environments/{env}/backups',
  });
}

/** One that has a member which the token may not see is not there. @throws {ProblemError} `fleet.notFound` */
export async function fleetOf(
  { token, call }: Caller,
  id: string,
): Promise<{ readonly fleet: Fleet; readonly members: readonly FleetMember[] }> {
  const found = await call.fleets.get({ id });
  if (found.members.every((member) => maySee(token, member.id))) return found;
  return raise({
    code: 'fleet.notFound',
    message: `There is no fleet ${id}.`,
    hint: 'List those that this token may see: GET /api/fleets',
  });
}

/** @throws {ProblemError} `schedule.notFound` */
export async function scheduleOf({ token, call }: Caller, id: string): Promise<ScheduleView> {
  const all = await call.schedules.list({ environmentId: null });
  const found = all.find(({ schedule }) => schedule.id === id && maySee(token, schedule.environmentId));
  return (
    found ??
    raise({
      code: 'schedule.notFound',
      message: `There is no schedule ${id}.`,
      hint: 'List those that this token may see: GET /api/schedules',
    })
  );
}

/** The rehearsal or the run whose report is wanted. @throws {ProblemError} `run.notFound` */
export async function requireReported(caller: Caller, id: string): Promise<void> {
  const { token, context } = caller;
  const rehearsal = context.workspace.rehearsals.get(id);
  const environment = rehearsal === null ? null : context.workspace.environments.find(rehearsal.environment);
  if (rehearsal === null || (environment === null && token.environments !== null)) await runOf(caller, id);
  else if (environment !== null) environmentOf(caller, environment.id);
}

export const maySee = ({ environments }: ApiToken, id: string): boolean => environments?.includes(id) ?? true;
