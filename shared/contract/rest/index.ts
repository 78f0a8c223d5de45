/** The REST API: what it offers, as `/api/openapi.json` describes it. Inputs name every field; others are refused. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { archiveFormats } from '../../model/backup.ts';
import { newBackupChoices } from '../../model/rehearsal.ts';
import { runOutcomes } from '../../model/run.ts';
import { approvalsInput } from '../approval.ts';
import { automationRoutes } from './automation.ts';
import { fleetRoutes } from './fleets.ts';
import {
  answers,
  environmentPath,
  get,
  getPage,
  htmlFile,
  idPath,
  list,
  none,
  number,
  page,
  pageOf,
  pdfFile,
  post,
  postNew,
  postStart,
  sent,
  version,
} from './routes.ts';
import * as schemas from './schemas.ts';

const start = {
  ...answers,
  planFingerprint: z
    .string()
    .length(64)
    .exactOptional()
    .meta({ description: 'Of the plan that was shown: any other is refused (412). Absent: what is planned now.' }),
  backup: z.boolean().exactOptional().meta({ description: 'Absent: as the environment’s protection asks.' }),
  continueOnError: z.boolean().default(false),
  approvals: approvalsInput
    .exactOptional()
    .meta({ description: 'Signatures of a second person on exactly this plan, as `lockkeeper approve` writes them.' }),
};
const steps = { to: version.exactOptional(), steps: z.int().min(1).exactOptional() };

const started = z.object({
  headers: z.object({ location: z.string() }),
  body: z.object({ run: z.string().meta({ description: 'Its id: GET /api/runs/{id}' }) }),
});

const on = { params: environmentPath, query: none };
const environment = '/environments/{env}' as const;
const migrations = `${environment}/migrations` as const;

/** What a plan is asked for. */
const wantedPlan = z
  .strictObject({
    direction: z.enum(['up', 'down']).default('up'),
    to: version.exactOptional(),
    steps: number(1, 100_000).exactOptional(),
    version: version.exactOptional(),
  })
  .default({ direction: 'up' });

export const restContract = {
  listEnvironments: getPage('/environments', 'listEnvironments', 'Environments, by name; no connection is made')
    .input(z.object({ query: z.strictObject(page).default({ limit: 100, offset: 0 }) }))
    .output(pageOf({ environments: list(schemas.environment) })),
  getEnvironment: get(environment, 'getEnvironment', 'One environment, as it was last known')
    .input(z.object(on))
    .output(schemas.environment),
  getStatus: get(`${migrations}/status`, 'getStatus', 'Current version, statuses, lock, pending; writes nothing')
    .input(z.object(on))
    .output(schemas.status),
  getPlan: get(`${migrations}/plan`, 'getPlan', 'What would be done, and what the environment’s protection asks for it')
    .input(z.object({ params: environmentPath, query: wantedPlan }))
    .output(schemas.plan),
  getPlanFile: get(`${migrations}/plan-file`, 'getPlanFile', 'The plan as a file, for a second person to approve')
    .input(z.object({ params: environmentPath, query: wantedPlan }))
    .output(z.object({ name: z.string(), text: z.string().meta({ description: 'What the file holds.' }) })),
  up: postStart(`${migrations}/up`, 'up', 'Backs up, checks, applies')
    .input(z.object({ params: environmentPath, body: sent({ ...steps, ...start }) }))
    .output(started),
  down: postStart(`${migrations}/down`, 'down', 'Rolls back the last, the last n, down to a version, or one version')
    .input(
      z.object({
        params: environmentPath,
        body: sent({ ...steps, version: version.exactOptional(), ...start }),
      }),
    )
    .output(started),
  rehearse: postStart(`${migrations}/rehearse`, 'rehearse', 'Tries the plan on a copy')
    .input(
      z.object({
        params: environmentPath,
        body: sent({
          direction: z.enum(['up', 'down']).default('up'),
          ...steps,
          version: version.exactOptional(),
          copy: z.enum(['auto', 'data', 'schema']).default('auto'),
          newBackup: z.enum(newBackupChoices).default('ifNeeded'),
          tables: z.array(z.string().min(1).max(4096)).min(1).max(1000).nullable().default(null),
          accept: answers.accept,
        }),
      }),
    )
    .output(started),
  getHistory: getPage(`${migrations}/history`, 'getHistory', 'Who did what, newest first')
    .input(
      z.object({
        params: environmentPath,
        query: z
          .strictObject({ ...page, status: z.string().max(40).exactOptional() })
          .default({ limit: 100, offset: 0 }),
      }),
    )
    .output(pageOf({ entries: list(schemas.historyEntry) })),
  verify: get(`${migrations}/verify`, 'verify', 'Files, history and journal compared with each other')
    .input(z.object(on))
    .output(schemas.verification),
  createMigration: postNew(migrations, 'createMigration', 'New files in the tool’s format; overwrites nothing')
    .input(z.object({ params: environmentPath, body: sent({ name: z.string().trim().min(1).max(200) }) }))
    .output(schemas.scaffold),
  getLock: get(`${migrations}/lock/status`, 'getLock', 'Who runs migrations there now')
    .input(z.object(on))
    .output(schemas.lock),
  releaseLock: post(`${migrations}/lock/release`, 'releaseLock', 'Frees the lock of a dead holder; with force of any')
    .input(
      z.object({
        params: environmentPath,
        body: sent({ confirm: answers.confirm, reason: answers.reason, force: z.boolean().default(false) }),
      }),
    )
    .output(schemas.releasedLock),
  getVersion: get(
    `${environment}/version`,
    'getVersion',
    'Version of the database, and of the application its folder is for',
  )
    .input(z.object(on))
    .output(schemas.version),
  getCompatibility: get(
    `${environment}/version/compatibility`,
    'getCompatibility',
    'Does the database suit a version of the application, and the whole matrix',
  )
    .input(
      z.object({
        params: environmentPath,
        query: z.strictObject({ application: z.string().min(1).max(200).exactOptional() }).default({}),
      }),
    )
    .output(schemas.compatibility),
  getChanges: get(
    `${environment}/version/changelog/{version}`,
    'getChanges',
    'What came with a version of the application',
  )
    .input(z.object({ params: environmentPath.extend({ version: z.string().min(1).max(200) }), query: none }))
    .output(schemas.changes),
  createBackup: postStart(`${environment}/backups`, 'createBackup', 'Takes a backup and checks it')
    .input(
      z.object({
        params: environmentPath,
        body: sent({
          covers: z.enum(['everything', 'schema', 'tables']).exactOptional(),
          tables: z.array(z.string().min(1).max(4096)).max(10_000).exactOptional(),
          format: z.enum(archiveFormats).exactOptional(),
        }).default({}),
      }),
    )
    .output(started),
  listBackups: getPage(`${environment}/backups`, 'listBackups', 'Backups, newest first')
    .input(z.object({ params: environmentPath, query: z.strictObject(page).default({ limit: 100, offset: 0 }) }))
    .output(pageOf({ backups: list(schemas.backup) })),
  checkBackup: postStart(
    '/backups/{id}/check',
    'checkBackup',
    'Reads an archive to its end and compares it with its record',
  )
    .input(z.object({ params: idPath, body: none }))
    .output(started),
  proveBackup: postStart('/backups/{id}/prove', 'proveBackup', 'Restores it into a copy and compares')
    .input(z.object({ params: idPath, body: sent({ accept: answers.accept }).default({ accept: [] }) }))
    .output(started),
  listRuns: getPage('/runs', 'listRuns', 'Runs, newest first')
    .input(
      z.object({
        query: z
          .strictObject({
            ...page,
            environment: z.string().min(1).max(100).exactOptional(),
            outcome: z.enum(runOutcomes).exactOptional(),
          })
          .default({ limit: 100, offset: 0 }),
      }),
    )
    .output(pageOf({ runs: list(schemas.runSummary) })),
  getRun: get('/runs/{id}', 'getRun', 'One run, as far as it is')
    .input(z.object({ params: idPath, query: none }))
    .output(schemas.run),
  watchRun: get(
    '/runs/{id}/events',
    'watchRun',
    'Its events from the first on, or after `Last-Event-ID`, until it ends',
  )
    .input(z.object({ params: idPath, query: none }))
    .output(eventIterator(schemas.runEvent)),
  getReport: get(
    '/runs/{id}/report',
    'getReport',
    'All that is known of a run: evidence; also by the id of a rehearsal',
  )
    .input(z.object({ params: idPath, query: none }))
    .output(schemas.report),
  getReportHtml: get('/runs/{id}/report/html', 'getReportHtml', 'The same as one self-contained page')
    .input(z.object({ params: idPath, query: none }))
    .output(htmlFile),
  getReportPdf: get('/runs/{id}/report/pdf', 'getReportPdf', 'The same as a PDF')
    .input(z.object({ params: idPath, query: none }))
    .output(pdfFile),
  cancelRun: post('/runs/{id}/cancel', 'cancelRun', 'Asks it to stop at the next safe place')
    .input(z.object({ params: idPath, body: none }))
    .output(z.object({ cancelled: z.boolean() })),
  listAudit: getPage('/audit', 'listAudit', 'The audit log, newest first; for administrators')
    .input(
      z.object({
        query: z
          .strictObject({ ...page, environment: z.string().min(1).max(100).exactOptional() })
          .default({ limit: 100, offset: 0 }),
      }),
    )
    .output(pageOf({ entries: list(schemas.auditEntry) })),
  ...fleetRoutes,
  ...automationRoutes,
};
