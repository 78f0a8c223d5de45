import type { ToolsReport } from '../../../shared/model/status.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { listTools } from '../../services/listTools.ts';
import { formatTable } from '../format.ts';
import type { Define } from '../invocation.ts';

type Product = ToolsReport['products'][number];

const lockWords: Readonly<Record<Product['lock'], string>> = {
  session: 'of the database',
  lease: 'a row that is renewed',
  none: 'none: status and plans only',
};

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
    const products = [
      { title: 'Database', value: (row: Product) => (row.wasRun ? row.title : `${row.title} (not run)`) },
      { title: 'Lock', value: (row: Product) => lockWords[row.lock] },
      { title: 'DDL in transactions', value: (row: Product) => (row.transactionalDdl ? 'yes' : 'no') },
      { title: 'Backups', value: (row: Product) => (row.backups ? 'yes' : 'its own only') },
    ];
    terminal.print(formatTable(tools, report.tools, terminal));
    terminal.print(`\n${formatTable(products, report.products, terminal)}`);
    if (report.products.some(({ wasRun }) => !wasRun))
      terminal.note('(not run): what it can do is from its documentation; no test has run on such a server.');
    terminal.print(
      report.dumpPrograms.length === 0
        ? '\nNo dump programs were found: PostgreSQL and MySQL cannot be backed up from here.'
        : `\n${formatTable(programs, report.dumpPrograms, terminal)}`,
    );
    for (const { advice } of report.dumpPrograms) if (advice !== null) terminal.note(`Warning: ${advice}`);
    return exitCodes.done;
  });
};
