import { exitCodeOf, exitCodes } from '../../../shared/problem.ts';
import { validateSource } from '../../services/validateSource.ts';
import { formatProblem } from '../format.ts';
import type { Define } from '../invocation.ts';
import { plain } from '../terminal.ts';

export const validateCommand: Define = (program, bind) => {
  const command = program
    .command('validate')
    .argument('[file]', 'one script; else the whole folder')
    .description('structure and syntax, without a database');
  bind(command, async (invocation) => {
    const { terminal } = invocation;
    const file = command.args[0] ?? null;
    const report = await validateSource(await invocation.folder(file), file);
    const [problem = null] = report.problems;
    if (terminal.machine) terminal.document({ ...report, problem });
    else {
      for (const one of report.problems) terminal.problem(formatProblem(one, terminal));
      for (const notice of report.notices) terminal.note(`Note: ${plain(notice.message)}`);
      const read = `${report.scripts} script${report.scripts === 1 ? '' : 's'} of ${report.migrations} migration${report.migrations === 1 ? '' : 's'}, ${report.tool}, read for ${report.engines.join(' or ')}`;
      terminal.print(
        problem === null
          ? `${terminal.style('green', '✓')} well formed: ${read}`
          : `${terminal.style('red', '✕')} ${report.problems.length} problem${report.problems.length === 1 ? '' : 's'}: ${read}`,
      );
    }
    return problem === null ? exitCodes.done : exitCodeOf(problem);
  });
};
