/** What may be done after an interruption; each is one action. */
import type { Step } from '../../shared/model/plan.ts';
import type { ReconcileOffer, Reconciliation, StepFinding } from '../../shared/model/reconcile.ts';
import type { Run } from '../../shared/model/run.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import { commandFor } from './commandFor.ts';
import { runCommandFor } from './runCommand.ts';
import type { TargetDatabase } from './target.ts';

interface Known {
  readonly target: TargetDatabase;
  readonly local: Run | null;
}

export function offersFor(
  view: Omit<Reconciliation, 'offers'>,
  { target, local }: Known,
  plans: ReadonlyMap<string, Step>,
): ReconcileOffer[] {
  const open = view.steps.find(({ verdict }) => verdict.kind !== 'done');
  if (open === undefined || view.orphan !== null) return [];
  const offers: ReconcileOffer[] = [
    {
      action: 'resume',
      meaning: resumeMeaning(open),
      command: runCommandFor('resume', view.run, target),
      problem: undecided(open) ?? missing(open, plans),
    },
  ];
  const partly = open.verdict.kind === 'partly' || open.verdict.kind === 'unknown';
  if (partly && open.action === 'apply') offers.push(...settling(view, open, target, plans));
  const backup = local?.backup ?? null;
  if (backup !== null)
    offers.push({
      action: 'restore',
      meaning: `The backup taken before this run (${backup.level}) takes the database’s place; what was written since is lost.`,
      command: `lockkeeper restore ${backup.id}`,
      problem: null,
    });
  return offers;
}

function settling(
  { run }: Pick<Reconciliation, 'run'>,
  open: StepFinding,
  target: TargetDatabase,
  plans: ReadonlyMap<string, Step>,
): ReconcileOffer[] {
  const repair = (option: string) => `${commandFor('repair', target)} --${option} ${open.version} --reason "…"`;
  const down = plans.get(open.version)?.migration.down ?? null;
  return [
    {
      action: 'rollBack',
      meaning: `The rollback script of ${open.version} is run, on what is there of it.`,
      command: runCommandFor('resume', run, target, '--roll-back --reason "…"'),
      problem: down === null ? irreversible(open) : undecided(open),
    },
    {
      action: 'markApplied',
      meaning: `${open.version} counts as applied; nothing of it is run.`,
      command: repair('mark-applied'),
      problem: null,
    },
    {
      action: 'markReverted',
      meaning: `${open.version} counts as not applied; what is there of it stays.`,
      command: repair('mark-reverted'),
      problem: null,
    },
  ];
}

function resumeMeaning({ version, verdict, statements, statement }: StepFinding): string {
  if (verdict.kind === 'notDone') return `${version} and what was planned after it is run; nothing of it is there.`;
  if (!('at' in verdict)) return `${version} is gone on with.`;
  const line = statement === null ? '' : `, at line ${statement.line}`;
  const cleanup =
    verdict.kind === 'partly' && verdict.cleanup.length > 0 ? ` First: ${verdict.cleanup.join('; ')}.` : '';
  const batch =
    verdict.kind === 'partly' && verdict.batch !== null
      ? ` Of it ${verdict.batch.batches} batches with ${verdict.batch.rows} rows are committed and are not run again.`
      : '';
  return `${version} goes on with statement ${verdict.at.statement + 1} of ${statements}${line}.${cleanup}${batch}`;
}

const undecided = ({ verdict, version }: StepFinding): Problem | null =>
  verdict.kind === 'unknown' || verdict.kind === 'stillRunning'
    ? {
        code: 'run.unknown',
        message: `It is not decided yet what became of migration ${version}.`,
        state: nothingChanged,
        hint: 'Reconcile the run first.',
      }
    : null;

function missing({ version }: StepFinding, plans: ReadonlyMap<string, Step>): Problem | null {
  if (plans.has(version)) return null;
  return {
    code: 'plan.missing',
    message: `The script of migration ${version} is not in the folder any more.`,
    state: nothingChanged,
    hint: 'Put its file back as it was.',
  };
}

const irreversible = ({ version }: StepFinding): Problem => ({
  code: 'plan.irreversible',
  message: `Migration ${version} has no rollback script.`,
  state: nothingChanged,
  hint: 'Resume it, restore a backup, or mark it as applied.',
});
