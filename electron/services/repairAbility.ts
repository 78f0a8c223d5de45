/** What a tool's history table can be made to say, and which other tools could. */
import type { RepairAction } from '../../shared/model/repair.ts';
import { nothingChanged, type Problem, ProblemError } from '../../shared/problem.ts';
import { driverFor } from '../databases/registry.ts';
import type { HistoryRepairs } from '../engine/ports.ts';
import { tools } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import type { Explaining } from './explainChecksum.ts';

/** @throws {ProblemError} `repair.unsupported` */
export function requireAbility({ source }: Pick<Explaining, 'source'>, action: RepairAction): void {
  const problem = missingAbility(source, action);
  if (problem !== null) throw new ProblemError(problem);
}

/** Null when the table can hold it. */
export function missingAbility(
  { tool, history }: { readonly tool: Tool; readonly history: { readonly repairs?: HistoryRepairs } },
  action: RepairAction,
): Problem | null {
  if (canWrite(history.repairs, action)) return null;
  const others = tools.filter((one) => one.id !== tool.id && can(one, action)).map((one) => one.title);
  return {
    code: 'repair.unsupported',
    message: `The history table of ${tool.title} ${words[action]}.`,
    state: nothingChanged,
    hint:
      others.length === 0
        ? `No tool known to this version can: ${instead[action]}.`
        : `Tools that can: ${others.join(', ')}.`,
  };
}

/** How an action is written; a baseline without a word of its own is an entry like any other. */
export const writerOf = (repairs: HistoryRepairs | undefined, action: RepairAction) =>
  repairs?.[action] ?? (action === 'baseline' ? repairs?.markApplied : undefined);

const canWrite = (repairs: HistoryRepairs | undefined, action: RepairAction): boolean =>
  writerOf(repairs, action) !== undefined;

const can = (tool: Tool, action: RepairAction): boolean =>
  tool.engines.some((engine) => canWrite(tool.history(engine, driverFor(engine).dialect, null).repairs, action));

const words: Readonly<Record<RepairAction, string>> = {
  updateChecksum: 'keeps no checksums that could be corrected',
  markApplied: 'cannot be told that a migration is applied',
  markReverted: 'cannot be told that a migration was rolled back',
  removeFailed: 'keeps no entries of failed migrations',
  baseline: 'cannot be told of a baseline',
  force: 'keeps no single version that could be set',
};

const instead: Readonly<Record<RepairAction, string>> = {
  updateChecksum: 'put the file back as it was applied',
  markApplied: 'apply the migration',
  markReverted: 'roll the migration back',
  removeFailed: 'look at the status instead',
  baseline: 'mark migrations one by one with repair --mark-applied',
  force: 'use baseline to mark everything up to a version, or repair for single ones',
};
