import type { ActivitySession, SessionEnding } from '../../../shared/model/activity.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { endSession, readActivity } from '../../services/activity.ts';
import { type Column, formatDuration, formatTable } from '../format.ts';
import { count, type Define } from '../invocation.ts';

const columns: readonly Column<ActivitySession>[] = [
  { title: 'PID', align: 'right', value: (row) => String(row.pid) },
  { title: 'User', value: (row) => row.user ?? 'not shown' },
  { title: 'From', value: (row) => row.host ?? '' },
  { title: 'State', value: (row) => row.state ?? '' },
  { title: 'For', align: 'right', value: (row) => formatDuration(row.ageMs) },
  {
    title: 'Blocks',
    value: (row) => row.blocks.join(' ') + (row.inferred ? ' (inferred)' : ''),
    style: (row) => (row.blocks.length > 0 ? 'red' : null),
  },
  { title: 'Waits for', value: (row) => row.waitingFor ?? '', style: () => 'yellow' },
  { title: 'Query', value: (row) => (row.query ?? '').replace(/\s+/g, ' ').slice(0, 80) },
];

export const activityCommand: Define = (program, bind) => {
  const group = program.command('activity').description('who works on the database, and who waits for whom');
  bind(group, async ({ backend, target, terminal }) => {
    const { context } = await backend();
    const report = await readActivity(context, await target());
    if (terminal.machine) terminal.document(report);
    else if (report.sessions.length === 0) terminal.print('Nobody else works on this database.');
    else terminal.print(formatTable(columns, report.sessions, terminal));
    return exitCodes.done;
  });

  const ending = (how: SessionEnding, description: string) => {
    const command = group
      .command(how)
      .argument('<pid>', 'as the list of sessions tells it', count)
      .description(`${description}; --confirm NAME and --reason are needed`)
      .option('--reason <text>', 'kept in the audit log');
    bind(command, async ({ backend, target, terminal, options }) => {
      const { reason } = command.opts<{ reason?: string }>();
      const { context } = await backend();
      const ended = await endSession(context, await target(), {
        pid: Number(command.processedArgs[0]),
        how,
        confirm: options.confirm ?? null,
        reason: reason ?? null,
      });
      if (terminal.machine) terminal.document(ended);
      else if (ended.outcome === 'gone') terminal.print('It had ended by itself.');
      else terminal.print('✓ The server was told; it first rolls back what was not committed.');
      return exitCodes.done;
    });
  };
  ending('cancel', 'end the running statement of a session');
  ending('terminate', 'end a session');
};
