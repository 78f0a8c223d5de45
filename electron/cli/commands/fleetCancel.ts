/** `fleet cancel`: asks a fleet to stop that goes on here or in another process of this workspace. */
import type { FleetCancellation } from '../../../shared/model/fleet.ts';
import { fleetDocument } from '../../../shared/model/fleetDocument.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { cancelFleet } from '../../services/fleet/cancelFleet.ts';
import { findFleet } from '../../services/fleet/findFleet.ts';
import { endFleet, tellFleet } from '../fleetOutput.ts';
import type { Define } from '../invocation.ts';

const notes: Readonly<Record<FleetCancellation, string>> = {
  begun: 'Cancelling: nothing more is begun, and what runs is asked to stop.',
  asked: 'Asked: its process begins nothing more, and what runs stops at the next safe place.',
  unheard: 'Asked; but whether its process lives cannot be told from this computer, so its end is not waited for.',
  ended: 'It does not go on any more: there is nothing to cancel.',
};

export function defineCancel(group: Parameters<Define>[0], bind: Parameters<Define>[1]): void {
  const command = group
    .command('cancel')
    .argument('<id>')
    .description('begin nothing more, and ask what runs to stop; also of one that another process runs')
    .option('--no-wait', 'do not wait until it has ended');
  bind(command, async (invocation) => {
    const { context } = await invocation.backend();
    const [id = ''] = command.args;
    const cancelled = await cancelFleet(context, id);
    invocation.terminal.note(notes[cancelled]);
    const waits = command.opts<{ wait: boolean }>().wait && (cancelled === 'asked' || cancelled === 'begun');
    if (waits) await tellFleet(context, id, invocation);
    const { fleet, members } = findFleet(context, id);
    endFleet(fleetDocument(fleet, members), invocation.terminal);
    return exitCodes.done;
  });
}
