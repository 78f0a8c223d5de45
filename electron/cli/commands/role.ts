/** `role`: who uses this workspace, and the passphrase that makes an administrator of them. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { rolePassphraseInput } from '../../../shared/contract/roles.ts';
import { type RoleStatus, type StartingRole, startingRoles } from '../../../shared/model/role.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { removeAdministratorPassphrase, roleStatus, setAdministratorPassphrase } from '../../services/administrator.ts';
import { count, type Define, fromVariable, type Invocation, readStandardInput } from '../invocation.ts';
import type { Terminal } from '../terminal.ts';

interface PassphraseOptions {
  readonly newPassphraseEnv?: string;
  readonly newPassphraseStdin?: boolean;
  readonly startsAs?: StartingRole;
  readonly minutes?: number;
}

export const roleCommand: Define = (program, bind) => {
  const group = program.command('role').description('who may do what here: viewer, operator, administrator');
  const status = group.command('status').description('your role, and whether a passphrase is set');
  bind(status, async ({ backend, terminal }) => told(roleStatus((await backend()).context), terminal));
  addPassphraseCommands(group, bind);
};

function addPassphraseCommands(group: Command, bind: Parameters<Define>[1]): void {
  const set = group
    .command('set-passphrase')
    .description('from then on administrators need it; asked for without --new-passphrase-…')
    .option('--new-passphrase-stdin', 'read the new one from standard input')
    .option('--new-passphrase-env <variable>', 'environment variable that holds the new one')
    .addOption(
      new Option('--starts-as <role>', 'what everybody is without it (default: operator)').choices([...startingRoles]),
    )
    .option('--minutes <n>', 'how long it unlocks the window (default: 15)', count);
  bind(set, async (invocation) => {
    const options = set.opts<PassphraseOptions>();
    const { context } = await invocation.backend();
    const before = roleStatus(context);
    const input = rolePassphraseInput.safeParse({
      passphrase: await newPassphrase(options, invocation),
      startsAs: options.startsAs ?? before.startsAs,
      unlockMinutes: options.minutes ?? before.unlockMinutes,
    });
    if (!input.success)
      return raise({
        code: 'usage.invalid',
        message: 'A passphrase has 12 to 1024 characters, and unlocks for 1 to 480 minutes.',
        hint: 'Choose a longer one: several words do.',
      });
    return told(await setAdministratorPassphrase(context, input.data), invocation.terminal);
  });
  const remove = group
    .command('remove-passphrase')
    .description('whoever sits at this computer is the administrator again');
  bind(remove, async ({ backend, terminal }) =>
    told(await removeAdministratorPassphrase((await backend()).context), terminal),
  );
}

async function newPassphrase(options: PassphraseOptions, invocation: Invocation): Promise<string> {
  const { terminal } = invocation;
  if (options.newPassphraseEnv !== undefined) return fromVariable(options.newPassphraseEnv);
  if (options.newPassphraseStdin === true) {
    if (invocation.options.passphraseStdin !== true) return readStandardInput();
    raise({
      code: 'usage.invalid',
      message: 'Standard input can hold the old or the new passphrase, not both.',
      hint: 'Give one of them with --passphrase-env or --new-passphrase-env.',
    });
  }
  if (!terminal.interactive)
    raise({
      code: 'gate.nonInteractive',
      message: 'The new passphrase must be given: nobody can be asked.',
      hint: 'Use --new-passphrase-env or --new-passphrase-stdin.',
    });
  const first = await terminal.askHidden('New passphrase: ');
  if ((await terminal.askHidden('The same again: ')) === first) return first;
  return raise({
    code: 'usage.invalid',
    message: 'The two are not the same.',
    hint: 'Nothing was changed: try again.',
  });
}

function told(status: RoleStatus, terminal: Terminal): number {
  if (terminal.machine) terminal.document(status);
  else terminal.print(words(status));
  return exitCodes.done;
}

const words = ({ role, passphrase, startsAs }: RoleStatus): string =>
  passphrase
    ? `You are: ${role}. A passphrase is set; without it everybody is: ${startsAs}.`
    : 'You are: administrator. No passphrase is set: so is whoever sits at this computer.';
