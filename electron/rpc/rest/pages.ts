/** Lists of the REST API, page by page. */
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { RunOutcome } from '../../../shared/model/run.ts';
import type { ScheduleView } from '../../../shared/model/schedule.ts';
import { raise } from '../../../shared/problem.ts';
import { requireLeast } from '../../services/roles.ts';
import { type Caller, environmentOf, maySee } from './caller.ts';

interface Page {
  readonly limit: number;
  readonly offset: number;
}

interface Answer<Items extends object> {
  readonly headers: { readonly link: string };
  readonly body: Items & Page & { readonly total: number };
}

/** With the addresses of the pages around it in `Link`, as RFC 8288 has it. `path`: with its own query, if it has one. */
function answerPage<Items extends object>(
  path: string,
  items: Items,
  { limit, offset }: Page,
  total: number,
): Answer<Items> {
  const link = (at: number, rel: string) =>
    `<${path}${path.includes('?') ? '&' : '?'}limit=${limit}&offset=${at}>; rel="${rel}"`;
  const links = [
    link(0, 'first'),
    ...(offset > 0 ? [link(Math.max(0, offset - limit), 'prev')] : []),
    ...(offset + limit < total ? [link(offset + limit, 'next')] : []),
  ];
  return { headers: { link: links.join(', ') }, body: { ...items, total, limit, offset } };
}

const part = <T>(all: readonly T[], { limit, offset }: Page): readonly T[] => all.slice(offset, offset + limit);

const query = (fields: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
};

/** `name`: of the environment. */
const under = (name: string, rest: string): string => `/api/environments/${encodeURIComponent(name)}/${rest}`;

export async function environmentsPage({ token, call }: Caller, page: Page) {
  const all = (await call.environments.list()).filter(({ environment }) => maySee(token, environment.id));
  return answerPage('/api/environments', { environments: part(all, page).map(flatten) }, page, all.length);
}

/** As the REST API has it: the stored facts in one object. */
export function flatten({ environment, ...known }: EnvironmentSummary) {
  const { id, name, tier, colour, group, protection, source } = environment;
  return {
    ...{ id, name, tier, colour, group, protection },
    source: source?.path ?? null,
    tool: source?.tool ?? null,
    ...known,
  };
}

export function historyPage(
  caller: Caller,
  env: string,
  { status, ...page }: Page & { readonly status?: string | undefined },
) {
  const { id, name } = environmentOf(caller, env);
  const { runs } = caller.context.workspace;
  const filter = { environmentId: id, outcome: status ?? null };
  const path = `${under(name, 'migrations/history')}${query({ status })}`;
  return answerPage(path, { entries: runs.history({ ...filter, ...page }) }, page, runs.countHistory(filter));
}

export async function backupsPage(caller: Caller, env: string, page: Page) {
  const { id, name } = environmentOf(caller, env);
  const all = await caller.call.backups.list({ environmentId: id });
  return answerPage(under(name, 'backups'), { backups: part(all, page) }, page, all.length);
}

export async function runsPage(
  caller: Caller,
  {
    environment,
    outcome,
    ...page
  }: Page & { readonly environment?: string | undefined; readonly outcome?: RunOutcome | undefined },
) {
  const { token, context, call } = caller;
  // Marks those whose process died, too.
  await call.runs.list({ environmentId: null, limit: 1 });
  const filter = {
    environmentId: environment === undefined ? null : environmentOf(caller, environment).id,
    environmentIds: token.environments,
    outcome: outcome ?? null,
  };
  const { runs } = context.workspace;
  const path = `/api/runs${query({ environment, outcome })}`;
  return answerPage(path, { runs: runs.list({ ...filter, ...page }) }, page, runs.count(filter));
}

export async function fleetsPage({ token, context, call }: Caller, page: Page) {
  // Marks those whose process died, too.
  await call.fleets.list({ limit: 1 });
  const { fleets } = context.workspace;
  const found = fleets.list(page.limit, page.offset, token.environments);
  return answerPage('/api/fleets', { fleets: found }, page, fleets.count(token.environments));
}

export async function schedulesPage(
  caller: Caller,
  { environment, ...page }: Page & { readonly environment?: string | undefined },
) {
  const environmentId = environment === undefined ? null : environmentOf(caller, environment).id;
  const all = (await caller.call.schedules.list({ environmentId })).filter(({ schedule }) =>
    maySee(caller.token, schedule.environmentId),
  );
  const schedules = part(all, page).map(flattenSchedule);
  return answerPage(`/api/schedules${query({ environment })}`, { schedules }, page, all.length);
}

/** As the REST API has it: the stored facts in one object. */
export function flattenSchedule({ schedule, ...known }: ScheduleView) {
  const { id, time, work, answers, lateMinutes, paused, createdBy, createdAt } = schedule;
  const { reason, accept } = answers;
  return { ...{ id, time, work, reason, accept, lateMinutes, paused, createdBy, createdAt }, ...known };
}

/** @throws {ProblemError} `gate.role`, `usage.invalid` */
export function auditPage(
  caller: Caller,
  { environment, ...page }: Page & { readonly environment?: string | undefined },
) {
  const { token, context } = caller;
  requireLeast(context, 'administrator', 'Reading the audit log');
  if (environment === undefined && token.environments !== null)
    raise({
      code: 'usage.invalid',
      message: 'This token may see some environments only, and the audit log tells of all.',
      hint: 'Name one of them: ?environment=NAME',
    });
  const name = environment === undefined ? null : environmentOf(caller, environment).name;
  const { audit } = context.workspace;
  const entries = audit.list({ environment: name, ...page });
  return answerPage(`/api/audit${query({ environment })}`, { entries }, page, audit.count(name));
}
