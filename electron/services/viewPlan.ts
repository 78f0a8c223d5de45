/** A plan as windows and scripts read it. */
import type { PlanStepView, PlanView } from '../../shared/contract/views.ts';
import type { Step } from '../../shared/model/plan.ts';
import { type Problem, ProblemError, problemFrom } from '../../shared/problem.ts';
import { ServerFault } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { externalBackup } from './externalBackups.ts';
import type { PreparedPlan } from './planMigration.ts';
import { summaryOf } from './rehearsalOf.ts';
import { withSession } from './target.ts';
import { viewGate } from './viewGate.ts';

/** With what a backup would need when `withBackup`, which asks the database once more. */
export async function viewPlan(context: Context, prepared: PreparedPlan, withBackup: boolean): Promise<PlanView> {
  const { plan, gate } = prepared;
  const { request } = plan;
  return {
    fingerprint: plan.fingerprint,
    direction: plan.direction,
    target: request.to ?? (request.direction === 'down' ? (request.version ?? null) : null),
    environment: plan.target.environment,
    server: serverOf(prepared),
    database: plan.target.database,
    steps: plan.steps.map(viewStep),
    problems: plan.problems,
    warnings: plan.warnings,
    trust: prepared.trust,
    rehearsal: summaryOf(prepared.rehearsal),
    gate: { ...viewGate(gate), ...externalOf(context, prepared) },
    backup: withBackup ? await viewBackup(context, prepared) : null,
  };
}

function externalOf(context: Context, { gate, target }: PreparedPlan): Pick<PlanView['gate'], 'external'> {
  const backup = gate.externalBackups === true ? externalBackup(context, target.environment) : null;
  const name = backup?.external?.name;
  return backup === null || name === undefined ? {} : { external: { name, takenAt: backup.takenAt } };
}

function viewStep(step: Step): PlanStepView {
  const { metadata } = step.migration;
  const { index, version, name, action, transactional, statements, reversible, hazards, tables, estimate } = step;
  return {
    index,
    version,
    name,
    action,
    transactional,
    statements,
    reversible,
    hazards,
    tables,
    estimate,
    path: step.script.path,
    description: metadata.description ?? null,
    author: metadata.author ?? null,
    requiresDowntime: metadata.requiresDowntime ?? false,
    affectedModules: metadata.affectedModules ?? [],
    prerequisites: metadata.prerequisites ?? [],
    batched: step.batched,
    placeholders: step.placeholders,
    statementTimeoutMs: metadata.statementTimeoutMs ?? null,
    notes: (step.action === 'apply' ? metadata.notes : metadata.rollbackNotes) ?? null,
  };
}

async function viewBackup(context: Context, { target }: PreparedPlan): Promise<PlanView['backup']> {
  const nothing = { command: '', estimatedBytes: null, freeBytes: null, warnings: [] };
  try {
    const { preflightBackup } = await import('./takeBackup.ts');
    const preflight = await withSession(context, target, (session) => preflightBackup(context, target, session));
    return {
      command: preflight.command,
      estimatedBytes: preflight.estimatedBytes,
      freeBytes: preflight.freeBytes,
      warnings: preflight.warnings,
      problem: null,
    };
  } catch (thrown) {
    if (!(thrown instanceof ProblemError) && !(thrown instanceof ServerFault)) throw thrown;
    const problem: Problem = problemFrom(thrown);
    return { ...nothing, problem };
  }
}

function serverOf({ target: { driver, environment } }: PreparedPlan): string {
  const { connection } = environment;
  const through =
    connection.engine === 'sqlite' || connection.ssh === undefined ? '' : ` through ${connection.ssh.host}`;
  return `${driver.formatUrl(connection)}${through}`;
}
