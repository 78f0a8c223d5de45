import { exitCodes } from '../../../shared/problem.ts';
import { listTools } from '../../services/listTools.ts';
import { formatTable } from '../format.ts';
import type { Define } from '../invocation.ts';

export const toolsCommand: Define = (program, bind) => {
  const command = program
    .command('tools')
    .description('the tools and engines supported, dump programs found and their versions');
  bind(command, async ({ terminal }) => {
    const report = await listTools();
    if (terminal.machine) {
      terminal.document(report);
      return exitCodes.done;
    }
    const tools = [
      { title: 'Tool', value: (row: (typeof report.tools)[number]) => row.id },
      { title: 'Name', value: (row: (typeof report.tools)[number]) => row.title },
      { title: 'Engines', value: (row: (typeof report.tools)[number]) => row.engines.join(', ') },
    ];
    const programs = [
      { title: 'Dump program of', value: (row: (typeof report.dumpPrograms)[number]) => row.engine },
      { title: 'Version', value: (row: (typeof report.dumpPrograms)[number]) => row.version },
      { title: 'Path', value: (row: (typeof report.dumpPrograms)[number]) => row.path },
      { title: 'Known flaws', value: (row: (typeof report.dumpPrograms)[number]) => row.flaws.join(' ') },
    ];
    terminal.print(formatTable(tools, report.tools, terminal));
    terminal.print(
      report.dumpPrograms.length === 0
        ? '\nNo dump programs were found: PostgreSQL and MySQL cannot be backed up from here.'
        : `\n${formatTable(programs, report.dumpPrograms, terminal)}`,
    );
    for (const { advice } of report.dumpPrograms) if (advice !== null) terminal.note(`Warning: ${advice}`);
    return exitCodes.done;
  });
};
