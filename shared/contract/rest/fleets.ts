/** The REST API’s part for fleets. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { tiers } from '../../model/environment.ts';
import { mostJobs, usualFleetPolicy } from '../../model/fleet.ts';
import { approvalsInput } from '../approval.ts';
import * as schemas from './fleetSchemas.ts';
import {
  answers,
  environmentName,
  firstPage,
  get,
  getPage,
  htmlFile,
  idPath,
  list,
  none,
  page,
  pageOf,
  pdfFile,
  post,
  postStart,
  sent,
  version,
} from './routes.ts';

const jobs = z.int().min(1).max(mostJobs).default(usualFleetPolicy.jobs);

const choice = {
  environments: z
    .array(environmentName)
    .min(1)
    .max(10_000)
    .exactOptional()
    .meta({ description: 'Names or ids, of tenants too; either these or `group`.' }),
  group: z.string().min(1).max(200).exactOptional(),
  tier: z.enum(tiers).exactOptional().meta({ description: 'Only those of this tier.' }),
  to: version.exactOptional().meta({ description: 'Absent: the newest.' }),
};

const approvals = z.record(environmentName, approvalsInput).default({}).meta({
  description: 'Of a second person, by the member’s name: from its plan file, as `lockkeeper approve` wrote it.',
});

const fleetAnswers = {
  ...answers,
  confirm: z.string().max(300).nullable().default(null).meta({
    description: 'As `confirm` of the plan has it: the fleet’s name and the number of its protected members.',
  }),
  backup: z.boolean().exactOptional().meta({ description: 'Absent: as each member’s protection asks.' }),
  approvals,
};

const started = z.object({
  headers: z.object({ location: z.string() }),
  body: z.object({ fleet: z.string().meta({ description: 'Its id: GET /api/fleets/{id}' }) }),
});

export const fleetRoutes = {
  planFleet: post('/fleets/plan', 'planFleet', 'What each member would get, and what it asks; writes nothing')
    .input(z.object({ body: sent({ ...choice, name: z.string().max(200).exactOptional(), jobs, approvals }) }))
    .output(schemas.fleetPlan),
  startFleet: postStart('/fleets', 'startFleet', 'Migrates many environments, stage by stage')
    .input(
      z.object({
        body: sent({
          ...choice,
          name: z
            .string()
            .trim()
            .min(1)
            .max(200)
            .exactOptional()
            .meta({ description: 'Absent: the group’s, or the members’ names.' }),
          jobs,
          canary: z.int().min(0).max(10_000).default(usualFleetPolicy.canary),
          maxFailures: z
            .int()
            .min(1)
            .max(10_000)
            .nullable()
            .default(usualFleetPolicy.maxFailures)
            .meta({ description: 'Null: the others of a stage go on whatever fails.' }),
          pauseBetweenStages: z.boolean().default(false),
          rehearse: z.boolean().default(false),
          planFingerprints: z
            .record(environmentName, z.string().length(64))
            .default({})
            .meta({ description: 'Of the plans that were shown, by the member’s name: any other is refused there.' }),
          ...fleetAnswers,
        }),
      }),
    )
    .output(started),
  listFleets: getPage('/fleets', 'listFleets', 'Fleets, newest first')
    .input(z.object({ query: z.strictObject(page).default(firstPage) }))
    .output(pageOf({ fleets: list(schemas.fleetSummary) })),
  getFleet: get('/fleets/{id}', 'getFleet', 'One fleet with its members, as far as it is')
    .input(z.object({ params: idPath, query: none }))
    .output(schemas.fleet),
  watchFleet: get(
    '/fleets/{id}/events',
    'watchFleet',
    'The whole at first, then what changes, until it ends; after `Last-Event-ID` nothing that is still as it was',
  )
    .input(z.object({ params: idPath, query: none }))
    .output(eventIterator(schemas.fleetEvent)),
  cancelFleet: post('/fleets/{id}/cancel', 'cancelFleet', 'Begins nothing more, and asks what runs to stop')
    .input(z.object({ params: idPath, body: none }))
    .output(schemas.fleetCancelled),
  resumeFleet: postStart('/fleets/{id}/resume', 'resumeFleet', 'Goes on with what is not done')
    .input(
      z.object({
        params: idPath,
        body: sent({
          retryFailed: z.boolean().default(false),
          leaveFailed: z.boolean().default(false),
          ...fleetAnswers,
        }),
      }),
    )
    .output(started),
  getFleetReport: get('/fleets/{id}/report', 'getFleetReport', 'All that is known of a fleet: evidence')
    .input(z.object({ params: idPath, query: none }))
    .output(schemas.fleetReport),
  getFleetReportHtml: get('/fleets/{id}/report/html', 'getFleetReportHtml', 'The same as one self-contained page')
    .input(z.object({ params: idPath, query: none }))
    .output(htmlFile),
  getFleetReportPdf: get('/fleets/{id}/report/pdf', 'getFleetReportPdf', 'The same as a PDF')
    .input(z.object({ params: idPath, query: none }))
    .output(pdfFile),
};
