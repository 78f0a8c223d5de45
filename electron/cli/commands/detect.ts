/** What folder and database tell of the tool that keeps them; with a database also what connecting the two would mean. */
import type { DetectedComparison, DetectedTool, DetectReport, FoundHistory } from '../../../shared/model/detection.ts';
import { exitCodeOf, exitCodes } from '../../../shared/problem.ts';
import { connectingCommand } from '../../services/commandFor.ts';
import { detectFolder, detectProject } from '../../services/detectProject.ts';
import { type Column, formatProblem, formatTable } from '../format.ts';
import type { Define, Invocation } from '../invocation.ts';
import { statusColumns } from '../statusColumns.ts';
import { plain, type Terminal } from '../terminal.ts';

export const detectCommand: Define = (program, bind) => {
  const command = program
    .command('detect')
    .argument('<path>', 'migration folder')
    .description('which tool, how many migrations, problems; with --env or --url also what the database tells');
  bind(command, async (invocation) => {
    const { terminal } = invocation;
    const report = await detected(invocation, command.args[0] ?? '.');
    const [problem] = report.problems;
    if (terminal.machine) terminal.document(report);
    else printReport(report, invocation);
    return report.candidates.length === 0 && problem !== undefined ? exitCodeOf(problem) : exitCodes.done;
  });
};

async function detected(invocation: Invocation, path: string): Promise<DetectReport> {
  const { env, url, urlEnv, tool, historyTable } = invocation.options;
  if (env === undefined && url === undefined && urlEnv === undefined) return detectFolder(path);
  const { context } = await invocation.backend();
  const target = await invocation.target();
  return detectProject(context, { path, target, tool: tool ?? null, historyTable: historyTable ?? null });
}

function printReport(report: DetectReport, { terminal, options }: Invocation): void {
  const { candidates, problems, notices, database, histories, comparison } = report;
  if (candidates.length > 0) terminal.print(formatTable(toolColumns, candidates, terminal));
  if (database !== null) {
    const { environment, product, serverVersion, database: name } = database;
    terminal.print(
      `\n${terminal.style('bold', plain(environment))}  ${plain(`${product} ${serverVersion}, database ${name}`)}`,
    );
    if (histories.length > 0) terminal.print(formatTable(historyColumns, histories, terminal));
    else terminal.print('No history table of any known tool is in it.');
  }
  for (const one of problems) terminal.problem(formatProblem(one, terminal));
  for (const one of notices) terminal.print(`\n${formatProblem(one, terminal)}`);
  if (comparison !== null) printComparison(comparison, terminal);
  if (database === null) return;
  const told = notices.length + problems.length + (comparison?.problems.length ?? 0) > 0;
  terminal.note(
    `\nNothing was written.${told || comparison === null ? '' : ` Next: ${connectingCommand(comparison, options.env ?? null)}`}`,
  );
}

function printComparison(found: DetectedComparison, terminal: Terminal): void {
  const counts = Object.entries(found.counts).filter(([, count]) => count > 0);
  terminal.print(
    `\n${plain(`${found.title} in ${found.source}, history in ${found.historyTable}`)}: ${counts.map(([status, count]) => `${count} ${status}`).join(', ') || 'nothing'}`,
  );
  if (found.migrations.length > 0) terminal.print(formatTable(statusColumns, found.migrations, terminal));
  for (const problem of found.problems) terminal.print(`\n${formatProblem(problem, terminal)}`);
}

const toolColumns: readonly Column<DetectedTool>[] = [
  { title: 'Tool', value: (row) => row.tool },
  { title: 'Certainty', align: 'right', value: (row) => `${Math.round(row.certainty * 100)} %` },
  { title: 'Migrations', align: 'right', value: (row) => String(row.migrations) },
  { title: 'Evidence', value: (row) => row.evidence.join('; ') },
];

const historyColumns: readonly Column<FoundHistory>[] = [
  { title: 'History table', value: (row) => row.table },
  { title: 'Columns', value: (row) => row.columns.join(', ') },
  {
    title: 'Looks like',
    value: (row) => row.tools.map(({ tool, evidence }) => `${tool}: ${evidence.join(', ')}`).join('; '),
  },
];
