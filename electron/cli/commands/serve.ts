import { exitCodes, raise } from '../../../shared/problem.ts';
import { report } from '../../rpc/report.ts';
import type { Define } from '../invocation.ts';

export const serveCommand: Define = (program, bind) => {
  const command = program
    .command('serve')
    .description('the interface in a browser')
    .option('--port <port>', 'loopback port (default: any free one)', port)
    .option('--open', 'open the default browser');
  bind(command, async ({ backend, terminal }) => {
    const options = command.opts<{ port?: number; open?: boolean }>();
    const { serve } = await import('../../http/serve.ts');
    const opened = await backend();
    await opened.beforeOpening(terminal.note);
    opened.afterOpening(terminal.note).catch(report);
    await serve(opened, {
      port: options.port ?? 0,
      open: options.open === true,
      say: terminal.note,
      announce: terminal.print,
    });
    return exitCodes.done;
  });
};

function port(text: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= 0 && value <= 65_535
    ? value
    : raise({
        code: 'usage.invalid',
        message: `“${text}” is not a port.`,
        hint: 'Give a number from 1 to 65535, or 0 for any free one.',
      });
}
