import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PlanStepView, PlanView } from '../../../shared/contract/views.ts';
import { exitCodeOf, exitCodes } from '../../../shared/problem.ts';
import { exportPlanSql } from '../../services/exportPlanSql.ts';
import { writePlanFile } from '../../services/planFile.ts';
import { planMigration } from '../../services/planMigration.ts';
import { viewPlan } from '../../services/viewPlan.ts';
import { formatDuration, formatProblem, formatTable } from '../format.ts';
import { hazardLines } from '../hazards.ts';
import { count, type Define } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';
import { downTarget, upTarget } from '../wanted.ts';
import { addEvidenceCommand } from './planEvidence.ts';

export const planCommand: Define = (program, bind) => {
  const command = program
    .command('plan')
    .description('what up (or down) would do')
    .option('--to <version>', 'up to (or down to) this version')
    .option('--steps <n>', 'only the first n', count)
    .option('--down', 'the plan of a rollback')
    .option('--sql <file>', 'write it as one SQL script with the history-table writes')
    .option('--out <file>', 'save it for up --plan');
  addEvidenceCommand(command, bind);
  bind(command, async (invocation) => {
    const options = command.opts<{ to?: string; steps?: number; down?: boolean; sql?: string; out?: string }>();
    const { context } = await invocation.backend();
    const prepared = await planMigration(
      context,
      await invocation.target(),
      options.down === true ? downTarget(options) : upTarget(options),
      invocation.options.accept ?? [],
    );
    const view = await viewPlan(context, prepared, false);
    if (options.sql !== undefined)
      await pipeline(Readable.from(exportPlanSql(context, prepared)), createWriteStream(options.sql, { mode: 0o600 }));
    if (options.out !== undefined)
      await writeFile(options.out, await writePlanFile(context, prepared, view), { mode: 0o600 });
    if (invocation.terminal.machine) invocation.terminal.document(view);
    else printPlan(view, invocation.terminal);
    const [problem] = view.problems;
    return problem === undefined ? exitCodes.done : exitCodeOf(problem);
  });
};

export function printPlan(view: PlanView, terminal: Terminal): void {
  terminal.print(
    plain(
      `${view.direction === 'up' ? 'Migrate' : 'Roll back'} ${view.steps.length} on ${view.environment} (${view.server})`,
    ),
  );
  if (view.steps.length > 0)
    terminal.print(
      `\n${formatTable(
        [
          { title: 'Action', value: (step) => (step.action === 'apply' ? 'apply' : 'roll back') },
          { title: 'Version', value: (step) => step.version },
          { title: 'Name', value: (step) => step.description ?? step.name },
          { title: 'Statements', align: 'right', value: (step) => String(step.statements) },
          {
            title: 'Expected',
            align: 'right',
            value: (step) => (step.estimate === null ? '' : formatDuration(step.estimate.ms)),
          },
          {
            title: 'Hazards',
            value: (step) =>
              step.hazards
                .map((hazard) => (hazard.line === null ? hazard.code : `${hazard.code}:${hazard.line}`))
                .join(' '),
          },
        ],
        view.steps,
        terminal,
      )}`,
    );
  for (const step of view.steps) printRemarks(step, terminal);
  for (const problem of view.warnings) terminal.note(`\nWarning: ${plain(problem.message)} ${plain(problem.hint)}`);
  for (const warning of view.backup?.warnings ?? []) terminal.note(`\nWarning: ${plain(warning)}`);
  for (const problem of view.problems) terminal.problem(`\n${formatProblem(problem, terminal)}`);
  for (const { message, hint } of view.gate.stops) terminal.note(`\nMissing: ${plain(message)} ${plain(hint)}`);
  terminal.note(terminal.style('dim', `\nplan ${view.fingerprint.slice(0, 16)}`));
}

/** What its author wants known before it runs, and what it may do to a database in use. */
function printRemarks(step: PlanStepView, terminal: Terminal): void {
  const values = Object.entries(step.placeholders).map(([name, value]) => `${name}=${value}`);
  const remarks = [
    ...step.prerequisites.map((one) => `before: ${one}`),
    ...(step.requiresDowntime ? ['needs downtime'] : []),
    ...(step.notes?.split('\n') ?? []),
    ...step.batched.map(
      ({ line, max, pauseMs }) =>
        `line ${line} repeats until nothing is left, at most ${max} times${pauseMs === 0 ? '' : `, with ${formatDuration(pauseMs)} between`}`,
    ),
    ...(step.statementTimeoutMs === null ? [] : [`each statement may take ${formatDuration(step.statementTimeoutMs)}`]),
    ...(values.length === 0 ? [] : [`values: ${values.join(', ')}`]),
  ];
  const hazards = hazardLines(step.hazards, terminal);
  if (remarks.length === 0 && hazards.length === 0) return;
  terminal.print(`\n${terminal.style('bold', plain(`${step.version} ${step.name}`))}`);
  for (const remark of remarks) terminal.print(`  ${plain(remark)}`);
  for (const line of hazards) terminal.print(line);
}
