/** The REST API's procedures: each turns a request into calls of the window's router, whose roles and gates hold here, too. */
import { withEventMeta } from '@orpc/server';
import type { z } from 'zod';
import type { approvalsInput } from '../../../shared/contract/approval.ts';
import type { Target } from '../../../shared/model/plan.ts';
import type { Report, ReportFormat } from '../../../shared/model/report.ts';
import type { RunRecord } from '../../../shared/model/run.ts';
import { readChanges } from '../../services/readCompatibility.ts';
import { automationHandlers } from './automation.ts';
import { type Caller, environmentOf, requireBackup, requireReported, runOf } from './caller.ts';
import { fleetHandlers } from './fleets.ts';
import { documentOf, fileOf, os } from './implementer.ts';
import { auditPage, backupsPage, environmentsPage, flatten, historyPage, runsPage } from './pages.ts';

export type RestRouter = typeof restRouter;

/** The window's procedures name an environment by its id. */
const on = (caller: Caller, env: string) => ({ environmentId: environmentOf(caller, env).id });

const begun = ({ run }: { readonly run: string }) => ({
  headers: { location: `/api/runs/${run}` },
  body: { run },
});

interface Start {
  readonly confirm: string | null;
  readonly reason: string | null;
  readonly accept: string[];
  readonly planFingerprint?: string;
  readonly backup?: boolean;
  readonly continueOnError: boolean;
  readonly approvals?: z.infer<typeof approvalsInput>;
}

async function startMigration(caller: Caller, env: string, target: Target, start: Start) {
  const { planFingerprint, backup, ...answers } = start;
  const environment = on(caller, env);
  // What was not said is as planned now, with the backup that the environment's protection asks for.
  const planned =
    planFingerprint === undefined || backup === undefined
      ? await caller.call.migrations.plan({ ...environment, target })
      : null;
  return begun(
    await caller.call.runs.start({
      ...environment,
      ...answers,
      target,
      fingerprint: planFingerprint ?? planned?.fingerprint ?? '',
      backup: backup ?? planned?.gate.backup !== 'none',
    }),
  );
}

export const restRouter = os.router({
  listEnvironments: os.listEnvironments.handler(({ context, input }) => environmentsPage(context.caller, input.query)),
  getEnvironment: os.getEnvironment.handler(async ({ context: { caller }, input }) =>
    flatten(await caller.call.environments.get({ id: environmentOf(caller, input.params.env).id })),
  ),
  getStatus: os.getStatus.handler(({ context: { caller }, input }) =>
    caller.call.migrations.status(on(caller, input.params.env)),
  ),
  getPlan: os.getPlan.handler(({ context: { caller }, input: { params, query } }) =>
    caller.call.migrations.plan({ ...on(caller, params.env), target: target(query.direction, query) }),
  ),
  getPlanFile: os.getPlanFile.handler(({ context: { caller }, input: { params, query } }) =>
    caller.call.migrations.planFile({ ...on(caller, params.env), target: target(query.direction, query) }),
  ),
  up: os.up.handler(({ context, input: { params, body } }) => {
    const { to, steps, ...start } = body;
    return startMigration(context.caller, params.env, target('up', { to, steps }), start);
  }),
  down: os.down.handler(({ context, input: { params, body } }) => {
    const { to, steps, version, ...start } = body;
    return startMigration(context.caller, params.env, target('down', { to, steps, version }), start);
  }),
  rehearse: os.rehearse.handler(async ({ context: { caller }, input: { params, body } }) => {
    const { direction, to, steps, version, ...request } = body;
    const wanted = target(direction, { to, steps, version });
    return begun(await caller.call.rehearsals.start({ ...on(caller, params.env), target: wanted, ...request }));
  }),
  getHistory: os.getHistory.handler(({ context, input }) => historyPage(context.caller, input.params.env, input.query)),
  verify: os.verify.handler(({ context: { caller }, input }) =>
    caller.call.migrations.verify(on(caller, input.params.env)),
  ),
  createMigration: os.createMigration.handler(({ context: { caller }, input }) =>
    caller.call.source.create({ ...on(caller, input.params.env), ...input.body }),
  ),
  getLock: os.getLock.handler(({ context: { caller }, input }) =>
    caller.call.locks.status(on(caller, input.params.env)),
  ),
  releaseLock: os.releaseLock.handler(({ context: { caller }, input }) =>
    caller.call.locks.release({ ...on(caller, input.params.env), ...input.body }),
  ),
  getVersion: os.getVersion.handler(async ({ context: { caller }, input }) => {
    const status = await caller.call.migrations.status(on(caller, input.params.env));
    const { environment, current, pending, applicationVersion } = status;
    return { environment, current, pending, applicationVersion };
  }),
  getCompatibility: os.getCompatibility.handler(({ context: { caller }, input }) =>
    caller.call.source.compatibility({
      ...on(caller, input.params.env),
      application: input.query.application ?? null,
    }),
  ),
  getChanges: os.getChanges.handler(({ context: { caller }, input: { params } }) =>
    readChanges(
      caller.context,
      { kind: 'environment', nameOrId: environmentOf(caller, params.env).id },
      params.version,
    ),
  ),
  createBackup: os.createBackup.handler(async ({ context: { caller }, input }) =>
    begun(await caller.call.backups.create({ ...on(caller, input.params.env), ...input.body })),
  ),
  listBackups: os.listBackups.handler(({ context, input }) =>
    backupsPage(context.caller, input.params.env, input.query),
  ),
  checkBackup: os.checkBackup.handler(async ({ context: { caller }, input: { params } }) => {
    requireBackup(caller, params.id);
    return begun(await caller.call.backups.check(params));
  }),
  proveBackup: os.proveBackup.handler(async ({ context: { caller }, input: { params, body } }) => {
    requireBackup(caller, params.id);
    return begun(await caller.call.backups.prove({ ...params, ...body }));
  }),
  listRuns: os.listRuns.handler(({ context, input }) => runsPage(context.caller, input.query)),
  getRun: os.getRun.handler(({ context, input }) => runOf(context.caller, input.params.id)),
  watchRun: os.watchRun.handler(async ({ context: { caller }, input, lastEventId, signal }) => {
    const { id } = await runOf(caller, input.params.id);
    const from = { id, fromSeq: after(lastEventId) };
    return numbered(await caller.call.runs.watch(from, signal === undefined ? {} : { signal }));
  }),
  getReport: os.getReport.handler(async ({ context: { caller }, input: { params } }) => {
    await requireReported(caller, params.id);
    return documentOf<Report>(await caller.call.runs.report({ id: params.id, format: 'json' }));
  }),
  getReportHtml: os.getReportHtml.handler(({ context, input }) => reportFile(context.caller, input.params.id, 'html')),
  getReportPdf: os.getReportPdf.handler(({ context, input }) => reportFile(context.caller, input.params.id, 'pdf')),
  cancelRun: os.cancelRun.handler(async ({ context: { caller }, input }) => {
    const { id, outcome } = await runOf(caller, input.params.id);
    await caller.call.runs.cancel({ id });
    return { cancelled: outcome === null };
  }),
  listAudit: os.listAudit.handler(({ context, input }) => auditPage(context.caller, input.query)),
  ...fleetHandlers,
  ...automationHandlers,
});

interface Wanted {
  readonly to?: string | undefined;
  readonly steps?: number | undefined;
  readonly version?: string | undefined;
}

function target(direction: 'up' | 'down', { to, steps, version }: Wanted): Target {
  const common = { ...(to === undefined ? {} : { to }), ...(steps === undefined ? {} : { steps }) };
  return direction === 'up'
    ? { direction, ...common }
    : { direction, ...common, ...(version === undefined ? {} : { version }) };
}

async function reportFile(caller: Caller, id: string, format: ReportFormat): Promise<File> {
  await requireReported(caller, id);
  return fileOf(await caller.call.runs.report({ id, format }));
}

async function* numbered(records: AsyncIterable<RunRecord>) {
  for await (const record of records) yield withEventMeta(record, { id: String(record.seq) });
}

/** The number of the first event that whoever reconnects has not seen. */
const after = (lastEventId: string | undefined): number =>
  lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) + 1 : 0;
