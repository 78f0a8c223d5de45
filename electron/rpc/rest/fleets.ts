/** The REST API's procedures for fleets. */

import type { Tier } from '../../../shared/model/environment.ts';
import type { FleetApprovals, FleetMemberPlan, FleetTarget } from '../../../shared/model/fleet.ts';
import { fleetConfirmation } from '../../../shared/model/fleet.ts';
import { fleetDocument } from '../../../shared/model/fleetDocument.ts';
import type { FleetReport } from '../../../shared/model/fleetReport.ts';
import type { ReportFormat } from '../../../shared/model/report.ts';
import { raise } from '../../../shared/problem.ts';
import { chooseMembers, newMember } from '../../services/fleet/chooseMembers.ts';
import { type Caller, environmentOf, fleetOf, maySee } from './caller.ts';
import { fleetEvents } from './fleetEvents.ts';
import { documentOf, fileOf, os } from './implementer.ts';
import { fleetsPage } from './pages.ts';

interface Choice {
  readonly environments?: readonly string[];
  readonly group?: string;
  readonly tier?: Tier;
  readonly to?: string;
  readonly name?: string;
}

interface Chosen {
  readonly name: string;
  readonly environmentIds: string[];
  readonly wanted: FleetTarget;
}

/** Of those that the token may see. @throws {ProblemError} `usage.invalid`, `environment.notFound`, `fleet.empty` */
function chosen(caller: Caller, { environments, group, tier, to, name }: Choice): Chosen {
  if ((environments === undefined) === (group === undefined))
    raise({ code: 'usage.invalid', message: 'Which databases?', hint: 'Give either `environments` or `group`.' });
  const { token, context } = caller;
  const named = environments?.map((one) => environmentOf(caller, one));
  const found =
    named ?? context.workspace.environments.list().filter((one) => one.group === group && maySee(token, one.id));
  const members = found.filter((one) => tier === undefined || one.tier === tier);
  if (members.length === 0)
    raise({
      code: 'fleet.empty',
      message: 'No environment is meant.',
      hint: 'List those that this token may see: GET /api/environments',
    });
  return {
    name: (name ?? group ?? members.map((one) => one.name).join(', ')).slice(0, 200),
    environmentIds: members.map(({ id }) => id),
    wanted: { direction: 'up', ...(to === undefined ? {} : { to }) },
  };
}

/** The window's procedures name environments by their ids. */
const byId = <T>(caller: Caller, byName: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(byName).map(([name, value]) => [environmentOf(caller, name).id, value]));

async function planned(caller: Caller, choice: Chosen, jobs: number, approvals: FleetApprovals) {
  const { name, environmentIds, wanted } = choice;
  const plans: FleetMemberPlan[] = [];
  for await (const event of await caller.call.fleets.plan({ environmentIds, wanted, jobs, approvals }))
    if (event.type === 'planned') plans.push(event.plan);
  const members = chooseMembers(caller.context, environmentIds, null).map((one) => newMember(one, null));
  const order = new Map(members.map(({ id }, index) => [id, index]));
  plans.sort((left, right) => (order.get(left.id) ?? 0) - (order.get(right.id) ?? 0));
  return { name, confirm: fleetConfirmation(name, members), members: plans };
}

const begun = ({ fleet }: { readonly fleet: string }) => ({
  headers: { location: `/api/fleets/${fleet}` },
  body: { fleet },
});

async function reportFile(caller: Caller, id: string, format: ReportFormat): Promise<File> {
  const { fleet } = await fleetOf(caller, id);
  return fileOf(await caller.call.runs.report({ id: fleet.id, format }));
}

export const fleetHandlers = {
  planFleet: os.planFleet.handler(({ context: { caller }, input: { body } }) =>
    planned(caller, chosen(caller, body), body.jobs, byId(caller, body.approvals)),
  ),
  startFleet: os.startFleet.handler(async ({ context: { caller }, input: { body } }) => {
    const { environments, group, tier, to, name, planFingerprints, approvals, ...rest } = body;
    const { jobs, canary, maxFailures, pauseBetweenStages, rehearse, ...answers } = rest;
    return begun(
      await caller.call.fleets.start({
        ...chosen(caller, body),
        ...answers,
        policy: { jobs, canary, maxFailures, pauseBetweenStages, rehearse },
        fingerprints: byId(caller, planFingerprints),
        approvals: byId(caller, approvals),
      }),
    );
  }),
  listFleets: os.listFleets.handler(({ context, input }) => fleetsPage(context.caller, input.query)),
  getFleet: os.getFleet.handler(async ({ context: { caller }, input }) => {
    const { fleet, members } = await fleetOf(caller, input.params.id);
    return { ...fleetDocument(fleet, members), fleet: fleet.id };
  }),
  watchFleet: os.watchFleet.handler(async ({ context: { caller }, input, lastEventId, signal }) => {
    const { fleet } = await fleetOf(caller, input.params.id);
    return fleetEvents(caller, fleet.id, lastEventId, signal);
  }),
  cancelFleet: os.cancelFleet.handler(async ({ context: { caller }, input }) => {
    const { fleet } = await fleetOf(caller, input.params.id);
    return caller.call.fleets.cancel({ id: fleet.id });
  }),
  resumeFleet: os.resumeFleet.handler(async ({ context: { caller }, input: { params, body } }) => {
    const { fleet } = await fleetOf(caller, params.id);
    const { approvals, ...request } = body;
    return begun(await caller.call.fleets.resume({ id: fleet.id, ...request, approvals: byId(caller, approvals) }));
  }),
  getFleetReport: os.getFleetReport.handler(async ({ context: { caller }, input }) => {
    const { fleet } = await fleetOf(caller, input.params.id);
    return documentOf<FleetReport>(await caller.call.runs.report({ id: fleet.id, format: 'json' }));
  }),
  getFleetReportHtml: os.getFleetReportHtml.handler(({ context, input }) =>
    reportFile(context.caller, input.params.id, 'html'),
  ),
  getFleetReportPdf: os.getFleetReportPdf.handler(({ context, input }) =>
    reportFile(context.caller, input.params.id, 'pdf'),
  ),
};
