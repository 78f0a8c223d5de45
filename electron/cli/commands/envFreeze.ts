/** `env freeze`: nothing is changed there until a time, for a reason. */
import type { Command } from 'commander';
import type { Freeze } from '../../../shared/model/changeWindow.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { editEnvironment } from '../../services/environments.ts';
import { findEnvironment } from '../../services/target.ts';
import type { Define } from '../invocation.ts';
import { plain } from '../terminal.ts';

interface FreezeOptions {
  readonly until?: string;
  readonly reason?: string;
  readonly lift?: boolean;
}

export function freezeCommand(group: Command, bind: Parameters<Define>[1]): void {
  const command = group
    .command('freeze')
    .argument('<name>')
    .description('refuse every change until a time')
    .option('--until <time>', 'a day or a time, as 2027-01-04 or 2027-01-04T08:00+01:00')
    .option('--reason <text>', 'shown to whoever is refused')
    .option('--lift', 'end it now');
  bind(command, async ({ backend, terminal }) => {
    const options = command.opts<FreezeOptions>();
    const { context } = await backend();
    const { id, name, protection } = findEnvironment(context, command.args[0] ?? '');
    const freeze = options.lift === true ? null : freezeFrom(options, context.host.user);
    const { protection: held } = await editEnvironment(context, { id, protection: { ...protection, freeze } });
    if (terminal.machine) terminal.document({ environment: name, freeze: held.freeze ?? null });
    else terminal.print(plain(freeze === null ? `${name} is not frozen.` : `${name} is frozen until ${freeze.until}.`));
    return exitCodes.done;
  });
}

function freezeFrom({ until, reason }: FreezeOptions, by: string): Freeze {
  const at = Date.parse(until ?? '');
  if (Number.isNaN(at) || reason === undefined || reason.trim() === '')
    return raise({
      code: 'usage.invalid',
      message: 'A freeze needs its end and a reason.',
      hint: 'Write --until 2027-01-04T08:00+01:00 --reason "…", or --lift.',
    });
  return { until: new Date(at).toISOString(), reason, by };
}
