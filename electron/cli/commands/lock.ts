import type { LockInfo } from '../../../shared/model/lock.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { readLock, releaseLock } from '../../services/lockStatus.ts';
import { formatTime } from '../format.ts';
import type { Define } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';

export const lockCommand: Define = (program, bind) => {
  const group = program.command('lock').description('the lock that lets one run at a time work on a history');

  const status = group.command('status').description('holder, host, since, alive or not');
  bind(status, async (invocation) => {
    const { context } = await invocation.backend();
    const info = await readLock(context, await invocation.target());
    if (invocation.terminal.machine) invocation.terminal.document(info);
    else print(info, invocation.terminal);
    return exitCodes.done;
  });

  const release = group
    .command('release')
    .description('free the lock of a dead holder; --confirm NAME is needed')
    .option('--force', 'also of one that is alive: its session is ended on the server; needs --reason')
    .option('--reason <text>', 'kept in the audit log');
  bind(release, async (invocation) => {
    const { terminal, options } = invocation;
    const { force, reason } = release.opts<{ force?: boolean; reason?: string }>();
    const { context } = await invocation.backend();
    const released = await releaseLock(context, await invocation.target(), {
      confirm: options.confirm ?? null,
      force: force === true,
      reason: reason ?? null,
    });
    if (terminal.machine) terminal.document(released);
    else if (released.held) terminal.print('Its holder was told to end and is still rolling its work back.');
    else terminal.print(released.released ? '✓ The lock is free.' : 'Nobody held the lock.');
    return exitCodes.done;
  });
};

function print({ held, holder }: LockInfo, terminal: Terminal): void {
  if (!held && holder === null) {
    terminal.print('The lock is free.');
    return;
  }
  terminal.print(held ? 'The lock is held.' : 'The lock is free; its last holder died.');
  const facts = {
    person: holder?.person ?? 'unknown',
    host: holder?.host ?? 'unknown',
    process: holder?.process ?? 'unknown',
    since: holder?.since == null ? 'unknown' : formatTime(holder.since),
    alive: holder?.alive === true ? 'yes' : 'no',
  };
  for (const [name, value] of Object.entries(facts)) terminal.print(`  ${name.padEnd(9)}${plain(value)}`);
}
