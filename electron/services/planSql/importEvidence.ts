/** Takes what a client program printed of an exported plan into the history, if the database says the same. */
import { createHash } from 'node:crypto';
import type { EvidenceReport, EvidenceStep } from '../../../shared/model/evidence.ts';
import { nothingChanged, type Problem, raise } from '../../../shared/problem.ts';
import { isApplied, keyOf } from '../../engine/compare.ts';
import type { Context } from '../context.ts';
import { readSource } from '../readSource.ts';
import { readComparison } from '../readStatus.ts';
import { recordAudit } from '../recordAudit.ts';
import { requireLeast } from '../roles.ts';
import type { LiveRun } from '../runRegistry.ts';
import { originOf } from '../startRun.ts';
import { resolveTarget, type TargetRequest, withSession } from '../target.ts';
import { type ExportedPlan, findExport } from './exports.ts';

/** One line that the script printed. */
interface Printed {
  /** 0: the guards were passed. */
  readonly step: number;
  readonly at: string;
  readonly by: string | null;
}

/**
 * @param text what the client printed
 * @throws {ProblemError} `evidence.unknown`, `evidence.contradicted`, `connect.wrongDatabase`: nothing was recorded then
 */
export async function importEvidence(context: Context, request: TargetRequest, text: string): Promise<EvidenceReport> {
  requireLeast(context, 'operator', 'Taking evidence');
  const { fingerprint, printed } = readPrinted(text);
  const exported = findExport(context, fingerprint) ?? unknown('no such plan was handed over from this workspace');
  const sha256 = createHash('sha256').update(text).digest('hex');
  if (isTaken(context, fingerprint)) unknown('it was taken already');
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  const applied = await withSession(context, target, async (session) => {
    if (session.identity.id !== exported.server)
      raise({
        code: 'connect.wrongDatabase',
        message: 'The plan was made for another database than this one.',
        hint: `Name the environment that it was made for: ${exported.environment ?? ''}`,
      });
    const { comparison } = await readComparison(source, session);
    return new Set(comparison.rows.filter((row) => isApplied(row) || row.status === 'baseline').map(keyOf));
  });
  const steps = stepsOf(exported, printed);
  for (const [index, step] of steps.entries()) compare(step, applied.has(exported.steps[index]?.historyKey ?? ''));
  const { id, name } = target.environment;
  const reason = `Run by the database’s own client; its output has the SHA-256 ${sha256}`;
  const origin = originOf(context, exported.direction, name, id, reason);
  recordAudit(context, { action, environment: name, run: origin.id, detail: { fingerprint, sha256, steps } });
  const run = context.runs.start(origin, planned(exported), (live) => replay(live, exported, steps, printed));
  await run.finished;
  return {
    plan: fingerprint,
    environment: name,
    run: origin.id,
    sha256,
    complete: steps.every(({ done }) => done),
    steps,
  };
}

const action = 'plan evidence taken';

const isTaken = ({ workspace }: Context, fingerprint: string): boolean =>
  [...workspace.audit.entries()].some(
    (entry) => entry.action === action && JSON.parse(entry.detail).fingerprint === fingerprint,
  );

const line = /lockkeeper-evidence:([\da-f]{64}):(\d{1,6}):(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z:([\da-f]{0,1000})/gi;
const mostLines = 100_000;

/** Lines of one plan, from its guards on, without a gap. */
function readPrinted(text: string): { fingerprint: string; printed: Printed[] } {
  const found = [...text.matchAll(line)].slice(0, mostLines);
  const [first] = found;
  if (first?.[1] === undefined) return unknown('it holds no line of evidence');
  const fingerprint = first[1].toLowerCase();
  if (found.some(([, plan]) => plan?.toLowerCase() !== fingerprint)) unknown('it is of several plans');
  const printed = found.map(([, , step, year, month, day, hour, minute, second, by]) => ({
    step: Number(step),
    at: `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`,
    by: by === undefined || by === '' ? null : Buffer.from(by, 'hex').toString('utf8'),
  }));
  if (printed.some(({ step, at }, index) => step !== index || Number.isNaN(Date.parse(at))))
    unknown('lines of it are missing, repeated or changed');
  return { fingerprint, printed };
}

const unknown = (why: string): never =>
  raise({
    code: 'evidence.unknown',
    message: `This output is no evidence: ${why}.`,
    hint: 'Give the file with everything that the client printed of the script, once.',
  });

function stepsOf({ steps }: ExportedPlan, printed: readonly Printed[]): EvidenceStep[] {
  if (printed.length > steps.length + 1) unknown('it tells of more steps than the plan has');
  return steps.map(({ version, name, action: does }, index) => {
    const told = printed[index + 1];
    return { version, name, action: does, done: told !== undefined, at: told?.at ?? null, by: told?.by ?? null };
  });
}

/** The database has the last word. */
function compare({ version, action: does, done }: EvidenceStep, isThere: boolean): void {
  const expected = done === (does === 'apply');
  if (isThere === expected) return;
  raise({
    code: 'evidence.contradicted',
    message: `The output says that migration ${version} was ${done ? '' : 'not '}${does === 'apply' ? 'applied' : 'rolled back'}, and the history says otherwise.`,
    hint: 'Look at the status of the environment, and at what ran after the script.',
  });
}

const planned = ({ steps }: ExportedPlan) =>
  steps.map(({ version, name, action: does, statements }, index) => ({
    ...{ index, version, name, action: does, statements, transactional: true, estimateMs: null },
  }));

/** As the run of whoever ran it. */
async function replay(
  live: LiveRun,
  { steps: told }: ExportedPlan,
  steps: readonly EvidenceStep[],
  printed: readonly Printed[],
): Promise<void> {
  for (const [index, { done }] of steps.entries()) {
    const [before, after] = [printed[index]?.at ?? '', printed[index + 1]?.at ?? ''];
    if (done) live.emit({ type: 'stepStarted', step: index });
    live.emit({
      type: 'stepFinished',
      step: index,
      outcome: done ? 'succeeded' : 'notExecuted',
      durationMs: done ? Math.max(0, Date.parse(after) - Date.parse(before)) : 0,
      statements: done ? (told[index]?.statements ?? 0) : 0,
      problem: null,
    });
  }
  const missing = steps.find(({ done }) => !done);
  const problem = missing === undefined ? null : stopped(missing);
  live.emit({ type: 'runFinished', outcome: problem === null ? 'succeeded' : 'failed', problem, next: [] });
}

const stopped = ({ version }: EvidenceStep): Problem => ({
  code: 'database.statementFailed',
  message: `The output ends before migration ${version} was done.`,
  state: `${nothingChanged.replace('.', '')} by taking the evidence; the steps before it are in the history.`,
  hint: 'Ask for the error that the client printed; then plan again.',
});
