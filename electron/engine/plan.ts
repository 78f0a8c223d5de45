/** Selected steps × script analyses × capabilities → Plan. Pure: the fingerprint covers everything it was computed from. */
import { createHash } from 'node:crypto';
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { Estimate, Hazard, Plan, PlanTarget, ScriptAnalysis, Step, Target } from '../../shared/model/plan.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import { conditionHazards, conditionOf } from './conditionHazards.ts';
import { retryFailed } from './gate.ts';
import type { Capabilities } from './ports.ts';
import type { SelectedStep, Selection } from './select.ts';

export interface PlanInput {
  readonly selection: Selection;
  readonly request: Target;
  readonly target: PlanTarget;
  /** Of every selected step, in the same order. */
  readonly analyses: readonly ScriptAnalysis[];
  readonly entries: readonly HistoryEntry[];
  readonly capabilities: Pick<Capabilities, 'transactionalDdl' | 'runnerLock'>;
  /** The tool wraps scripts in a transaction unless their author opted out. */
  readonly toolTransactional: boolean;
  /** As the tool's rule of that name. */
  readonly leavesTransaction?: 'always' | 'unmixed' | undefined;
  /** As the tool's rule of that name. */
  readonly keepsOwnTransactions?: true | undefined;
  readonly retriesFailed: boolean;
  /** It goes on with what was found out of an interrupted run: nothing is tried blindly. */
  readonly resumes?: boolean;
  /** What an earlier run left half done, by `halfDoneKey`; in words. */
  readonly halfDone: ReadonlyMap<string, string>;
  /** By `measuredKey`; measured elsewhere. */
  readonly measured: ReadonlyMap<string, number>;
}

export function buildPlan(input: PlanInput): Plan {
  const steps = input.selection.steps.map((selected, index) => buildStep(selected, index, input));
  const problems = [
    ...lockProblems(input),
    ...input.selection.problems,
    ...input.analyses.flatMap((analysis, index) => scriptProblems(steps[index], analysis)),
  ];
  return {
    fingerprint: fingerprint(input, steps),
    historySha256: historySha256(input.entries),
    direction: input.request.direction,
    request: input.request,
    target: input.target,
    steps,
    problems,
    warnings: [...input.selection.warnings, ...lockWarnings(input)],
  };
}

function lockProblems({ capabilities, selection }: PlanInput): Problem[] {
  if (capabilities.runnerLock !== 'none' || selection.steps.length === 0) return [];
  return [
    {
      code: 'lock.impossible',
      message: 'Nothing of this server would keep a second runner out, so no migration is run on it.',
      state: nothingChanged,
      hint: 'Connect to the server behind it directly, or give the plan as SQL to its own way of changing schemas.',
    },
  ];
}

function lockWarnings({ capabilities, selection }: PlanInput): Problem[] {
  if (capabilities.runnerLock !== 'lease' || selection.steps.length === 0) return [];
  return [
    {
      code: 'lock.lease',
      message:
        'This server has no lock that ends with its session: a row that this computer renews keeps other runners out, and those of the tool’s own command only where the tool has a lock.',
      state: nothingChanged,
      hint: 'If this computer stands still for half a minute, another may begin. What is in a transaction then fails instead of being committed; a change of the schema that was already sent goes on.',
    },
  ];
}

function buildStep(selected: SelectedStep, index: number, input: PlanInput): Step {
  const { migration, action, script } = selected;
  const analysis = input.analyses[index];
  if (analysis === undefined) throw new Error('Every selected step needs an analysis');
  const wantsTransaction = action === 'apply' ? migration.transaction.up : migration.transaction.down;
  const transactional =
    input.capabilities.transactionalDdl && input.toolTransactional && wantsTransaction && !leaves(analysis, input);
  return {
    index,
    version: migration.version,
    historyKey: migration.historyKey,
    name: migration.name,
    action,
    script,
    checksum: migration.checksum,
    transactional,
    ownTransactions: !transactional && analysis.transactionControl !== null,
    statements: analysis.statements,
    reversible: action === 'revert' || migration.down !== null,
    hazards: [
      ...stateHazards(selected, input),
      ...conditionHazards(selected),
      ...shapeHazards(selected, transactional, analysis),
      ...analysis.hazards,
    ],
    tables: [...new Set([...(migration.metadata.affectedTables ?? []), ...analysis.tables])],
    estimate: estimate(selected, input.measured),
    batched: analysis.batched,
    ...(analysis.handedOver === undefined || transactional || analysis.transactionControl !== null
      ? {}
      : { handedOver: analysis.handedOver }),
    placeholders: analysis.placeholders,
    migration,
  };
}

/** Some tools leave the transaction out by themselves where a statement refuses it, or have none but the script's own. */
const leaves = (
  { refusesTransaction, allRefuse, transactionControl }: ScriptAnalysis,
  { leavesTransaction, keepsOwnTransactions }: PlanInput,
): boolean =>
  (keepsOwnTransactions === true && transactionControl !== null) ||
  (refusesTransaction !== null &&
    (leavesTransaction === 'always' || (leavesTransaction === 'unmixed' && allRefuse === true)));

export const halfDoneKey = (version: string, action: Step['action']): string => `${action}\0${version}`;

/** What durations of one migration are found by. */
export const measuredKey = ({ version, name }: { readonly version: string; readonly name: string }): string =>
  `${version}\0${name}`;

function estimate({ migration, action }: SelectedStep, measured: ReadonlyMap<string, number>): Estimate | null {
  const ms = action === 'apply' ? measured.get(measuredKey(migration)) : undefined;
  if (ms !== undefined) return { ms, source: 'history' };
  return migration.metadata.estimatedMs === undefined ? null : { ms: migration.metadata.estimatedMs, source: 'author' };
}

/** What went before decides whether running it again needs a person's word. */
function stateHazards(selected: SelectedStep, { retriesFailed, resumes, halfDone }: PlanInput): Hazard[] {
  if (resumes) return [];
  const { row } = selected;
  const told = halfDone.get(halfDoneKey(selected.migration.version, selected.action));
  if (told !== undefined)
    return [{ code: retryFailed, severity: 'danger', mustAccept: true, line: null, message: told }];
  if (row.status === 'interrupted')
    return [
      {
        code: 'retryInterrupted',
        severity: 'danger',
        mustAccept: true,
        line: null,
        message: 'An earlier run of this migration was interrupted: part of it may already be in the database.',
      },
    ];
  if (row.status === 'failed' && !retriesFailed)
    return [
      {
        code: retryFailed,
        severity: 'danger',
        mustAccept: true,
        line: null,
        message: 'An earlier run of this migration failed: part of it may already be in the database.',
      },
    ];
  return [];
}

function shapeHazards(
  { migration, action, script }: SelectedStep,
  transactional: boolean,
  { statements }: ScriptAnalysis,
): Hazard[] {
  const hazards: Hazard[] = [];
  if (statements === 0 && script.kind !== 'program')
    hazards.push({
      code: 'noStatement',
      severity: 'notice',
      line: null,
      message: 'There is no statement in its script: only the history changes.',
    });
  if (action === 'apply' && migration.down === null)
    hazards.push({
      code: 'irreversible',
      severity: 'notice',
      line: null,
      message: 'It has no rollback script: the way back is a backup.',
    });
  if (!transactional)
    hazards.push({
      code: 'notTransactional',
      severity: 'warning',
      line: null,
      message: 'It is not one transaction: if it fails half-way, what ran before stays.',
    });
  return hazards;
}

function scriptProblems(step: Step | undefined, analysis: ScriptAnalysis): Problem[] {
  const problems = [...analysis.problems];
  const { transactionControl, refusesTransaction, batched } = analysis;
  const [batch] = batched;
  if (step !== undefined && batch !== undefined && transactionControl !== null)
    problems.push(
      atLine(
        step,
        batch.line,
        'script.directive',
        `A batched statement is committed after each batch, but the script has ${transactionControl.verb} of its own.`,
        'Leave transactions out of the script, or make two migrations of it.',
      ),
    );
  if (step === undefined || !step.transactional) return problems;
  if (transactionControl !== null)
    problems.push(
      atLine(
        step,
        transactionControl.line,
        'script.transactionControl',
        `The script contains ${transactionControl.verb}, but each migration already runs in one transaction.`,
        'Remove it from the script, or mark the migration as running without a transaction.',
      ),
    );
  if (refusesTransaction !== null)
    problems.push(
      atLine(
        step,
        refusesTransaction.line,
        'script.refusesTransaction',
        refusesTransaction.beforeOthers
          ? `${refusesTransaction.verb} has no effect inside a transaction, and this migration runs in one.`
          : `${refusesTransaction.verb} cannot run inside a transaction, and this migration runs in one.`,
        refusesTransaction.beforeOthers
          ? 'Put it before all other statements, where it is sent before the transaction begins.'
          : 'Put it into a migration of its own that is marked as running without a transaction.',
      ),
    );
  return problems;
}

const atLine = (
  step: Step,
  line: number,
  code: 'script.transactionControl' | 'script.refusesTransaction' | 'script.directive',
  message: string,
  hint: string,
): Problem => ({
  code,
  message,
  hint,
  state: nothingChanged,
  path: step.script.path,
  line,
});

function fingerprint(input: PlanInput, steps: readonly Step[]): string {
  const facts = {
    request: input.request,
    target: input.target,
    history: historySha256(input.entries),
    steps: steps.map((step) => [
      step.historyKey,
      step.action,
      step.script.sha256,
      step.script.bytes,
      step.checksum,
      step.transactional,
      step.handedOver,
      step.placeholders,
      step.migration.metadata.statementTimeoutMs,
      conditionOf(step),
    ]),
  };
  return sha256(facts);
}

/** Equal for plans that do the same to the same database, however they were asked for: what a rehearsal is found by. */
export const rehearsalKey = ({ target, historySha256: history, steps }: Plan): string =>
  sha256({
    target: [target.server, target.database, target.tool, target.historyTable],
    history,
    steps: steps.map(({ historyKey, action, script, migration, checksum, transactional, placeholders }) => [
      historyKey,
      action,
      script.sha256,
      // The way back and the verification were tried, too.
      [migration.up, migration.down, migration.verify].map((one) => one?.sha256 ?? null),
      checksum,
      transactional,
      placeholders,
      migration.condition,
    ]),
  });

/** Equal for equal histories, whatever the times in them. */
export const historySha256 = (entries: readonly HistoryEntry[]): string =>
  sha256(entries.map((entry) => [entry.historyKey, entry.state, entry.checksum]));

const sha256 = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
