/** A migration that its tool's own command runs, over a connection of its own: the history tells afterwards what it did. */
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { ProgramScript, Script } from '../../shared/model/migration.ts';
import type { Step } from '../../shared/model/plan.ts';
import { nothingChanged, ProblemError } from '../../shared/problem.ts';
import { isEffective } from './compare.ts';
import type { Execution } from './execute.ts';

export const isHandedOver = (script: Script): boolean =>
  script.kind === 'program' && script.program.command !== undefined;

/**
 * Resolves when the command ended well and this database's history shows the step and nothing else.
 * @throws {ProblemError} with what the history shows otherwise
 */
export async function handOver(script: ProgramScript, step: Step, execution: Execution): Promise<void> {
  const { session, programs, signal, emit } = execution;
  if (step.index === 0) await requireSameDatabase(script, execution);
  const before = await appliedIn(execution);
  const lent = {
    inTransaction: false,
    wantsTransaction: false,
    database: session.identity.database,
    product: session.identity.product,
    query: () => Promise.reject(new Error('It has a connection of its own.')),
    say: (severity: string, message: string) => emit({ type: 'notice', step: step.index, severity, message }),
    progress: () => undefined,
  };
  try {
    await programs.run(script, lent, signal);
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    const told = difference(before, await appliedIn(execution));
    throw new ProblemError(
      { ...thrown.problem, message: `${thrown.problem.message} ${shows(told)}` },
      { cause: thrown },
    );
  }
  const { added, removed } = difference(before, await appliedIn(execution));
  const [wanted, others] = step.action === 'apply' ? [added, removed] : [removed, added];
  if (wanted.length === 1 && wanted[0] === step.historyKey && others.length === 0) return;
  const elsewhere = added.length + removed.length === 0;
  throw new ProblemError({
    code: 'run.verification',
    message: elsewhere
      ? `The command ended well, but nothing changed in the history of ${session.identity.database}: it may have worked on another database.`
      : `The command did something else than was planned. ${shows({ added, removed })}`,
    state: nothingChanged,
    hint: elsewhere
      ? 'Compare the database in the project’s own settings with this environment’s, and look at what changed there.'
      : 'Look at the status before anything else.',
    path: script.path,
  });
}

/** What this history holds the command must see, too. Of an empty history nothing can be said; other output is passed over. */
async function requireSameDatabase(script: ProgramScript, { history, session, programs, signal }: Execution) {
  const { command } = script.program;
  const keys = command?.check?.keys ?? null;
  const recorded = ((await history.read(session)) ?? []).filter(isEffective).map(({ historyKey }) => historyKey);
  const expected = recorded.filter((key) => keys === null || keys.includes(key));
  const told = expected.length === 0 ? null : await programs.appliedElsewhere(script, signal);
  const unseen = told === null ? [] : expected.filter((key) => !told.has(key));
  if (unseen.length === 0) return;
  throw new ProblemError({
    code: 'run.verification',
    message: `${command?.tool ?? ''} works on another database than ${session.identity.database}: there ${unseen.join(', ')} is not applied, and here it is.`,
    state: nothingChanged,
    hint: 'It was not started. Correct the project’s own settings so that they lead to this environment’s database.',
    path: script.path,
  });
}

async function appliedIn({ history, session }: Execution): Promise<Set<string>> {
  const entries = (await history.read(session)) ?? [];
  const meant: readonly HistoryEntry[] = history.meaning?.(entries) ?? entries;
  return new Set(meant.filter(isEffective).map(({ historyKey }) => historyKey));
}

interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const difference = (before: ReadonlySet<string>, after: ReadonlySet<string>): Difference => ({
  added: [...after].filter((key) => !before.has(key)),
  removed: [...before].filter((key) => !after.has(key)),
});

function shows({ added, removed }: Difference): string {
  const parts = [
    ...(added.length === 0 ? [] : [`applied now: ${added.join(', ')}`]),
    ...(removed.length === 0 ? [] : [`not applied any more: ${removed.join(', ')}`]),
  ];
  return parts.length === 0 ? 'The history is as it was.' : `The history shows: ${parts.join('; ')}.`;
}
