import { exitCodeOf, exitCodes } from '../../../shared/problem.ts';
import { detectSource } from '../../services/listTools.ts';
import { formatProblem, formatTable } from '../format.ts';
import type { Define } from '../invocation.ts';

export const detectCommand: Define = (program, bind) => {
  const command = program
    .command('detect')
    .argument('<path>', 'migration folder')
    .description('which tool, how many migrations, problems');
  bind(command, async ({ terminal }) => {
    const report = await detectSource(command.args[0] ?? '.');
    const [problem] = report.problems;
    if (terminal.machine) terminal.document(report);
    else {
      if (report.candidates.length > 0)
        terminal.print(
          formatTable(
            [
              { title: 'Tool', value: (row) => row.tool },
              { title: 'Certainty', align: 'right', value: (row) => `${Math.round(row.certainty * 100)} %` },
              { title: 'Migrations', align: 'right', value: (row) => String(row.migrations) },
              { title: 'Evidence', value: (row) => row.evidence.join('; ') },
            ],
            report.candidates,
            terminal,
          ),
        );
      for (const one of report.problems) terminal.problem(formatProblem(one, terminal));
    }
    return report.candidates.length === 0 && problem !== undefined ? exitCodeOf(problem) : exitCodes.done;
  });
};
