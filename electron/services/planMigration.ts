/** From a request to a plan and what its gate asks. A question: nothing is written. */
import type { Approval } from '../../shared/model/approval.ts';
import type { Protection } from '../../shared/model/environment.ts';
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { Plan, ScriptAnalysis, Target } from '../../shared/model/plan.ts';
import type { Rehearsal } from '../../shared/model/rehearsal.ts';
import type { OnlineAlterSettings } from '../../shared/model/settings.ts';
import type { TrustRequest } from '../../shared/model/trust.ts';
import { type Problem, raise } from '../../shared/problem.ts';
import type { Driver } from '../databases/driver.ts';
import type { Comparison } from '../engine/compare.ts';
import type { GateNeeds } from '../engine/gate.ts';
import { type CatalogueFacts, type HazardExtent, type HazardLook, noHazards } from '../engine/hazards.ts';
import { buildPlan } from '../engine/plan.ts';
import type { JournalLatest, Session } from '../engine/ports.ts';
import { rehearsedPlan } from '../engine/rehearsedPlan.ts';
import { type SelectedStep, type Selection, selectSteps } from '../engine/select.ts';
import { analyseScript } from './analyseScript.ts';
import { askTogether } from './askTogether.ts';
import { withKept } from './bundles/bundleTarget.ts';
import { judge, unfit } from './bundles/suitability.ts';
import type { Context } from './context.ts';
import { driftWarnings } from './findDrift.ts';
import type { Folders } from './folders.ts';
import { gateOfPlan } from './gateOfPlan.ts';
import { halfDoneOf, restartWords } from './halfDone.ts';
import { KeptSession } from './keptSession.ts';
import { measuredDurations } from './measuredDurations.ts';
import { preparePrograms } from './preparePrograms.ts';
import { asProblem } from './problems.ts';
import { protectionOf } from './protection.ts';
import { formatTable, type OpenSource, problemsFor, readSource } from './readSource.ts';
import { readComparison } from './readStatus.ts';
import { backWarnings, rehearsalOf } from './rehearsalOf.ts';
import { settingsOf } from './settingsOf.ts';
import { openSession, resolveTarget, type TargetDatabase, type TargetRequest } from './target.ts';
import { readLatest, unsettledProblems } from './unsettled.ts';

/** A plan with everything that running it needs. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly gate: GateNeeds;
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  /** The history table is there already. */
  readonly tableExists: boolean;
  /** Programs to be trusted before the plan is complete; null when there are none. */
  readonly trust: TrustRequest | null;
  /** The last one of exactly this plan; null: there is none. */
  readonly rehearsal: Rehearsal | null;
}

/** A plan that will be run at once if it can be, with the session it was read in. */
export interface PlanToRun extends AsyncDisposable {
  readonly prepared: PreparedPlan;
  readonly session: KeptSession;
}

/**
 * A question: its session cannot write.
 * @throws {ProblemError} when source or database cannot be read; what is wrong with single migrations is in the plan
 */
export async function planMigration(
  context: Context,
  request: TargetRequest,
  wanted: Target,
  accept: readonly string[] = [],
  folders?: Folders,
  approvals: readonly Approval[] = [],
): Promise<PreparedPlan> {
  await using plan = await readPlan(context, request, wanted, { readOnly: true, accept, folders, approvals });
  return plan.prepared;
}

/** The same for a run: its session may write, though planning does not. @throws {ProblemError} likewise */
export const planToRun = (
  context: Context,
  request: TargetRequest,
  wanted: Target,
  accept: readonly string[] = [],
  folders?: Folders,
  approvals: readonly Approval[] = [],
): Promise<PlanToRun> => readPlan(context, request, wanted, { readOnly: false, accept, folders, approvals });

interface PlanOptions {
  readonly readOnly: boolean;
  /** Codes that a person accepted; of them only trust in programs matters here. */
  readonly accept: readonly string[];
  /** Absent: the folder is read anew. */
  readonly folders: Folders | undefined;
  /** That came with it. */
  readonly approvals: readonly Approval[];
}

async function readPlan(
  context: Context,
  request: TargetRequest,
  wanted: Target,
  { readOnly, accept, folders, approvals }: PlanOptions,
): Promise<PlanToRun> {
  const target = await resolveTarget(context, withKept(context, request, wanted));
  const { source, session } = await openWithSource(context, target, readOnly, folders);
  const kept = new KeptSession(session);
  try {
    const opened = { target, source, session, accept, approvals, toRun: !readOnly };
    // Last what may find no table: where questions travel as one text, those after it would have to be asked again.
    const [read, latest] = await askTogether([readComparison(source, session), readLatest(opened)]);
    const problems = await unsettledProblems(opened, latest);
    const prepared = await planChosen(context, { ...opened, read }, chosenBy(wanted, source), { problems, latest });
    return { prepared, session: kept, [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() };
  } catch (thrown) {
    await kept[Symbol.asyncDispose]();
    throw asProblem(thrown, target.environment.connection);
  }
}

/** Signing in takes as long as reading a thousand files: at the same time. */
async function openWithSource(
  context: Context,
  target: TargetDatabase,
  readOnly: boolean,
  folders: Folders | undefined,
): Promise<{ source: OpenSource; session: Session }> {
  const opening = openSession(context, target, readOnly);
  // Told below, unless the source's own failure comes first.
  opening.catch(() => undefined);
  try {
    const source = await readSource(target, folders);
    return { source, session: await opening };
  } catch (thrown) {
    opening.then(
      (session) => session.close(),
      () => undefined,
    );
    throw thrown;
  }
}

/** Which steps are meant, and what is told of the request. */
export interface Chosen {
  readonly wanted: Target;
  readonly choose: (comparison: Comparison, entries: readonly HistoryEntry[]) => Selection;
}

export interface Opened {
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  readonly session: Session;
  readonly accept: readonly string[];
  readonly approvals?: readonly Approval[];
  /** Absent: it is read now. */
  readonly read?: Awaited<ReturnType<typeof readComparison>>;
  /** Nobody looks at the plan before it runs: only hazards that its gate asks for are needed. */
  readonly toRun?: boolean;
}

/** By the rules of the source's tool. */
const chosenBy = (wanted: Target, { tool }: OpenSource): Chosen => ({
  wanted,
  choose: (comparison, entries) =>
    selectSteps(
      comparison,
      wanted,
      tool.rules,
      entries.map((entry) => entry.historyKey),
    ),
});

/** What the journal tells of earlier runs; a plan that goes on with one of them needs it no more. */
interface Told {
  readonly problems: readonly Problem[];
  readonly latest: readonly JournalLatest[];
}

/** @throws {ProblemError} as `planMigration` */
export async function planChosen(
  context: Context,
  { target, source, session, accept, approvals, toRun, read }: Opened,
  { wanted, choose }: Chosen,
  told: Told | 'resumes' = 'resumes',
): Promise<PreparedPlan> {
  const { problems: further, latest } = told === 'resumes' ? { problems: [], latest: [] } : told;
  const { entries, tableExists, comparison } = read ?? (await readComparison(source, session));
  const selected = choose(comparison, entries);
  const { selection, trust } = await preparePrograms(context, target.environment.name, source, selected, accept);
  const held = protectionOf(context, target, session);
  const limit = onlineAlterLimit(settingsOf(context, target.environment).onlineAlter);
  const extent = toRun === true && limit === null && !looksAtHazards(held.protection) ? 'mustAccept' : 'all';
  const look = selection.steps.length === 0 ? noHazards : await hazardLook(target.driver, session, extent, limit);
  const analyses = [];
  for (const step of selection.steps) analyses.push(await analyseStep(step, target.driver, session, source, look));
  const verification = await verificationProblems(selection.steps, target.driver, source);
  const wrong = problemsFor(source, selection.steps);
  const blocking = [
    ...(await bundleProblems(target, source, session, { comparison, tableExists }, wanted)),
    ...wrong,
    ...(held.problem === null ? [] : [held.problem]),
  ];
  const halfDone = await halfDoneOf({ target, source, session }, selection.steps, latest);
  const drift = selection.steps.length === 0 ? [] : await driftWarnings(context, target, source, session);
  const plan = buildPlan({
    selection: {
      ...selection,
      warnings: [...selection.warnings, ...drift],
      problems: [...further, ...blocking, ...selection.problems, ...verification],
    },
    request: wanted,
    target: {
      environment: target.environment.name,
      engine: target.driver.id,
      server: session.identity.id,
      database: session.identity.database,
      tool: source.tool.id,
      historyTable: formatTable(source.history.table),
    },
    analyses,
    entries,
    capabilities: session.capabilities,
    toolTransactional: source.tool.rules.transactional,
    leavesTransaction: source.tool.rules.leavesTransaction,
    keepsOwnTransactions: source.tool.rules.keepsOwnTransactions,
    retriesFailed: source.tool.rules.retriesFailed,
    resumes: told === 'resumes',
    halfDone: new Map(halfDone.map((one) => [one.key, restartWords(one, target)])),
    measured: measuredDurations(context, target.environment.id, selection.steps.length),
  });
  const rehearsal = rehearsalOf(context, plan);
  const known = rehearsedPlan(plan, rehearsal);
  const asked = { plan: known, rehearsal, halfDone, approvals: approvals ?? [], resumes: told === 'resumes' };
  const gate = await gateOfPlan(context, target, source, held, asked);
  const warned = { ...known, warnings: [...known.warnings, ...backWarnings(rehearsal)] };
  return { plan: warned, gate, target, source, tableExists, trust, rehearsal };
}

const looksAtHazards = ({ acceptHazards, forbiddenHazards = [], approvalHours }: Protection): boolean =>
  acceptHazards || forbiddenHazards.length > 0 || approvalHours != null;

/** What a bundle asks of the database holds for whatever is done with it; its way back asks for nothing. */
async function bundleProblems(
  { driver }: TargetDatabase,
  source: OpenSource,
  session: Session,
  read: Pick<Awaited<ReturnType<typeof readComparison>>, 'comparison' | 'tableExists'>,
  { direction }: Target,
): Promise<Problem[]> {
  const { bundle } = source;
  if (bundle === null || direction === 'down') return [];
  const problem = unfit(await judge({ bundle, driver, source, session, ...read }));
  return problem === null ? [] : [problem];
}

async function hazardLook(
  driver: Driver,
  session: Session,
  extent: HazardExtent,
  onlineAlter: CatalogueFacts['onlineAlter'] | null,
): Promise<HazardLook> {
  const facts = await driver.readFacts(session, extent);
  return driver.hazardLook(onlineAlter == null ? facts : { ...facts, onlineAlter }, extent);
}

/** Null: the server changes every table. */
const onlineAlterLimit = ({ program, fromMegabytes }: OnlineAlterSettings) =>
  program === 'none' ? null : { program, fromBytes: fromMegabytes * 1024 * 1024 };

async function analyseStep(
  { script, migration, action }: SelectedStep,
  driver: Driver,
  { capabilities }: Session,
  { tool, pieces }: OpenSource,
  look: HazardLook,
): Promise<ScriptAnalysis> {
  const wanted = action === 'apply' ? migration.transaction.up : migration.transaction.down;
  look.begin({ transactional: capabilities.transactionalDdl && tool.rules.transactional && wanted });
  return analyseScript(script, driver, pieces, look);
}

/** What would be wrong with a verify script after everything else is done is told before anything is. */
async function verificationProblems(
  steps: readonly SelectedStep[],
  driver: Driver,
  { pieces }: OpenSource,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { action, migration } of steps)
    if (action === 'apply' && migration.verify !== null)
      problems.push(...(await analyseScript(migration.verify, driver, pieces, noHazards)).problems);
  return problems;
}

/** @throws {ProblemError} the first thing that prevents the plan from being run, or `plan.stale` */
export function requireRunnable(plan: Plan, fingerprint: string | null): void {
  const [problem] = plan.problems;
  if (problem !== undefined) raise(problem);
  if (fingerprint !== null && fingerprint !== plan.fingerprint)
    raise({
      code: 'plan.stale',
      message: 'The plan is out of date: files, history or target have changed since it was shown.',
      hint: 'Look at the new plan, then start again.',
    });
}
