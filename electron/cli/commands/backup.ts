import type { Backup } from '../../../shared/model/backup.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { startBackup, startCheck } from '../../services/startBackup.ts';
import { type Column, formatBytes, formatTable, formatTime } from '../format.ts';
import type { Define } from '../invocation.ts';
import { followRun } from '../runOutput.ts';

const columns: readonly Column<Backup>[] = [
  { title: 'Id', value: (row) => row.id },
  { title: 'Environment', value: (row) => row.environment },
  { title: 'Level', value: (row) => (row.problem === null ? row.level : `✕ ${row.problem.code}`) },
  { title: 'Taken', value: (row) => formatTime(row.takenAt) },
  { title: 'Size', align: 'right', value: (row) => formatBytes(row.bytes) },
  { title: 'Path', value: (row) => row.path },
];

export const backupCommand: Define = (program, bind) => {
  const group = program.command('backup').description('backups');

  const create = group.command('create').description('take a backup and check it');
  bind(create, async (invocation) => {
    const { context } = await invocation.backend();
    const started = await startBackup(context, await invocation.target());
    const run = await context.runs.get(started.id);
    return followRun(context, started, run.environment, invocation.terminal, invocation.options.events === true);
  });

  const list = group.command('list').description('backups, newest first');
  bind(list, async ({ backend, options, terminal }) => {
    const { context } = await backend();
    const backups = context.workspace.backups.list({ environment: options.env ?? null });
    if (terminal.machine) terminal.document({ backups });
    else terminal.print(backups.length === 0 ? 'No backups yet.' : formatTable(columns, backups, terminal));
    return exitCodes.done;
  });

  const check = group
    .command('check')
    .argument('<id>')
    .description('read an archive to its end and compare it with its record');
  bind(check, async ({ backend, terminal }) => {
    const { context } = await backend();
    const id = check.args[0] ?? '';
    await startCheck(context, id).finished;
    const backup = context.workspace.backups.get(id);
    if (backup === null) throw new Error('A checked backup has left the catalogue');
    if (terminal.machine) terminal.document(backup);
    else
      terminal.print(
        backup.problem === null
          ? `✓ ${backup.level}: ${backup.path}`
          : `✕ ${backup.problem.message}\n  next ${backup.problem.hint}`,
      );
    return backup.problem === null ? exitCodes.done : exitCodes.verification;
  });
};
