import { exitCodes } from '../../../shared/problem.ts';
import { scaffoldMigration } from '../../services/scaffoldMigration.ts';
import type { Define } from '../invocation.ts';
import { plain } from '../terminal.ts';

export const newCommand: Define = (program, bind) => {
  const command = program.command('new').argument('<name>').description('new files in the tool’s format');
  bind(command, async (invocation) => {
    const { context } = await invocation.backend();
    const report = await scaffoldMigration(context, await invocation.folder(), command.args[0] ?? '');
    if (invocation.terminal.machine) invocation.terminal.document(report);
    else {
      for (const file of report.files) invocation.terminal.print(plain(`${report.source}/${file}`));
      invocation.terminal.note(`In the format of ${report.tool}. Next: write it, then lockkeeper validate and plan.`);
    }
    return exitCodes.done;
  });
};
