/** Corrects a history as a run: gate, lock, backup, one transaction, report. */
import type { PlannedStep, RunAction } from '../../shared/model/run.ts';
import { raise } from '../../shared/problem.ts';
import { checkGate } from '../engine/gate.ts';
import type { Context } from './context.ts';
import { externalBackup } from './externalBackups.ts';
import { finishRun } from './finishRun.ts';
import { performRepair } from './performRepair.ts';
import type { PreparedRepair } from './prepareRepair.ts';
import { formatTable, type OpenSource } from './readSource.ts';
import { recordAudit } from './recordAudit.ts';
import { originOf, type StartedRun } from './startRun.ts';
import { backupFor, levelReached } from './takeBackup.ts';

export interface RepairAnswers {
  /** Of what the person saw; null: whatever it is now. */
  readonly fingerprint: string | null;
  /** Take and check one first; absent: as the environment's protection says. */
  readonly backup?: boolean;
  readonly confirm: string | null;
  readonly reason: string | null;
  readonly accept: readonly string[];
}

/** @throws {ProblemError} before anything was changed: stale, gate, nothing to do */
export function startRepair(context: Context, prepared: PreparedRepair, answers: RepairAnswers): StartedRun {
  const { changes, gate, target } = prepared;
  if (answers.fingerprint !== null && answers.fingerprint !== prepared.fingerprint)
    raise({
      code: 'plan.stale',
      message: 'The correction is out of date: files or history have changed since it was shown.',
      hint: 'Look at it again, then start anew.',
    });
  if (changes.length === 0)
    raise({
      code: 'plan.nothingToDo',
      message: 'There is nothing to correct.',
      hint: 'The history is as it should be.',
    });
  const backup = answers.backup ?? gate.backup !== 'none';
  const refusal = checkGate(
    gate,
    {
      ...answers,
      backup: backup ? levelReached(gate) : externalBackup(context, target.environment),
    },
    context.clock.now(),
  );
  if (refusal !== null) raise(refusal);
  const action = actionOf(prepared);
  const origin = originOf(context, action, target.environment.name, target.environment.id, answers.reason);
  recordAudit(context, {
    action,
    environment: target.environment.name,
    run: origin.id,
    detail: {
      changes: changes.map((change) => [change.action, change.version, change.difference?.kind ?? null]),
      ...(prepared.moved === null ? {} : { from: sideOf(prepared.moved.from), to: sideOf(prepared.source) }),
      backup,
      skippedBackup: !backup && gate.backup !== 'none',
      accepted: answers.accept,
      reason: answers.reason,
    },
  });
  return context.runs.start(origin, changes.map(plannedStep), (live) =>
    finishRun(context, live, target.password, () =>
      performRepair(
        context,
        prepared,
        { backup: backup ? backupFor(gate, answers.accept) : null, reason: answers.reason?.trim() ?? '' },
        live,
      ),
    ),
  );
}

const sideOf = ({ tool, history, path }: OpenSource) => ({
  tool: tool.id,
  source: path,
  historyTable: formatTable(history.table),
});

function actionOf({ requests, moved }: PreparedRepair): RunAction {
  if (moved !== null) return 'adopt';
  const [first] = requests;
  return first?.action === 'baseline' || first?.action === 'force' ? first.action : 'repair';
}

const plannedStep = ({ action, version, name }: PreparedRepair['changes'][number], index: number): PlannedStep => ({
  index,
  version,
  name,
  action,
  statements: 1,
  transactional: true,
  estimateMs: null,
});
