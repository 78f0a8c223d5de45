import type { StatusReport } from '../../../shared/model/status.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { readStatus } from '../../services/readStatus.ts';
import { formatProblem, formatTable } from '../format.ts';
import type { Define } from '../invocation.ts';
import { statusColumns } from '../statusColumns.ts';
import { plain, type Terminal } from '../terminal.ts';

export const statusCommand: Define = (program, bind) => {
  const command = program
    .command('status')
    .description('current version, statuses, lock, pending; writes nothing')
    .option('--exit-code', 'exit with 3 when something is pending');
  bind(command, async (invocation) => {
    const { context } = await invocation.backend();
    const report = await readStatus(context, await invocation.target());
    if (invocation.terminal.machine) invocation.terminal.document(report);
    else printStatus(report, invocation.terminal);
    return command.opts<{ exitCode?: boolean }>().exitCode === true && report.pending > 0
      ? exitCodes.pending
      : exitCodes.done;
  });
};

function printStatus(report: StatusReport, terminal: Terminal): void {
  terminal.print(
    `${terminal.style('bold', plain(report.environment))}  ${plain(`${report.product} ${report.serverVersion}, database ${report.database}`)}`,
  );
  terminal.print(plain(`${report.tool} in ${report.source}, history in ${report.historyTable}`));
  const application = report.applicationVersion === null ? '' : `, application ${report.applicationVersion}`;
  terminal.print(plain(`current ${report.current ?? '(empty)'}${application}, ${report.pending} pending`));
  if (report.lock.held)
    terminal.print(
      `locked by ${plain(report.lock.holder?.person ?? 'somebody')} on ${plain(report.lock.holder?.host ?? 'an unknown host')}`,
    );
  if (report.migrations.length > 0) terminal.print(`\n${formatTable(statusColumns, report.migrations, terminal)}`);
  for (const notice of report.notices)
    terminal.note(terminal.style('dim', `\n${plain(notice.message)} ${plain(notice.hint)}`));
  if (report.trust !== null)
    terminal.note(
      `\n${report.trust.programs.length} of these are code that is not trusted yet; nothing of it was run.`,
    );
  for (const problem of report.problems) terminal.print(`\n${formatProblem(problem, terminal)}`);
  if (report.pending > 0) terminal.note(`\nNext: lockkeeper plan, then lockkeeper up`);
}
