/** The least role that each command needs; one without an entry is for administrators. */
import type { Command } from 'commander';
import { isAtLeast, type Role } from '../../shared/model/role.ts';
import { raise } from '../../shared/problem.ts';
import { unlockAdministrator } from '../services/administrator.ts';
import { requireLeast } from '../services/roles.ts';
import { fromVariable, type Invocation, readStandardInput } from './invocation.ts';

/** Those that only read folders, or write files of whoever calls them, need no workspace: everybody may. */
export const leastRoles: Readonly<Record<string, Role>> = {
  'env list': 'viewer',
  'env show': 'viewer',
  'env export': 'viewer',
  'env test': 'operator',
  'env add': 'administrator',
  'env edit': 'administrator',
  'env remove': 'administrator',
  'env import': 'administrator',
  'env freeze': 'administrator',
  detect: 'viewer',
  status: 'viewer',
  plan: 'viewer',
  'plan import-evidence': 'operator',
  'bundle create': 'operator',
  'bundle inspect': 'viewer',
  'bundle check': 'viewer',
  'bundle apply': 'operator',
  'bundle key': 'viewer',
  // Of the list alone; the service asks for an administrator for all else.
  'bundle trust': 'viewer',
  approve: 'operator',
  up: 'operator',
  down: 'operator',
  rehearse: 'operator',
  'backup create': 'operator',
  'backup record': 'operator',
  'backup list': 'viewer',
  'backup check': 'operator',
  'backup prove': 'operator',
  'backup prune': 'administrator',
  restore: 'operator',
  history: 'viewer',
  'history prune': 'administrator',
  'audit verify': 'viewer',
  'audit export': 'viewer',
  logs: 'viewer',
  info: 'viewer',
  verify: 'viewer',
  repair: 'operator',
  baseline: 'operator',
  force: 'operator',
  adopt: 'operator',
  'run list': 'viewer',
  'run show': 'viewer',
  'run reconcile': 'operator',
  'run resume': 'operator',
  'lock status': 'viewer',
  'lock release': 'operator',
  activity: 'viewer',
  'activity cancel': 'operator',
  'activity terminate': 'operator',
  tools: 'viewer',
  new: 'viewer',
  validate: 'viewer',
  test: 'operator',
  snapshot: 'viewer',
  diff: 'viewer',
  drift: 'viewer',
  matrix: 'viewer',
  compat: 'viewer',
  report: 'viewer',
  'schedule list': 'viewer',
  'schedule next': 'viewer',
  'hook list': 'viewer',
  'fleet list': 'viewer',
  'fleet show': 'viewer',
  'fleet status': 'viewer',
  'fleet plan': 'viewer',
  'fleet merge': 'viewer',
  'fleet up': 'operator',
  'fleet resume': 'operator',
  'fleet cancel': 'operator',
  'schedule add': 'administrator',
  'schedule pause': 'administrator',
  'schedule resume': 'administrator',
  'schedule remove': 'administrator',
  'hook add': 'administrator',
  'hook remove': 'administrator',
  'hook test': 'administrator',
  'token create': 'administrator',
  'token list': 'administrator',
  'token revoke': 'administrator',
  'role status': 'viewer',
  'role set-passphrase': 'administrator',
  'role remove-passphrase': 'administrator',
  // Whoever comes through it has the role that holds there.
  serve: 'viewer',
};

/** `backup create`: its own name after those of its groups. */
export function fullName(command: Command): string {
  const names: string[] = [];
  for (let one: Command | null = command; one !== null && one.parent !== null; one = one.parent)
    names.unshift(one.name());
  return names.join(' ');
}

/**
 * Unlocks with the passphrase, where one is given or can be asked for, and refuses who may not.
 * @throws {ProblemError} `gate.role`, `role.*`, `keychain.unavailable`
 */
export async function requireRoleFor(command: Command, invocation: Invocation): Promise<void> {
  const name = fullName(command);
  const least = leastRoles[name] ?? 'administrator';
  const given = await passphraseFrom(invocation);
  if (given === null && least === 'viewer') return;
  const { context } = await invocation.backend();
  if (given !== null && context.roleKeeper.passphrase() !== null) await unlockAdministrator(context, given);
  if (isAtLeast(context.role, least)) return;
  if (!invocation.terminal.interactive) return requireLeast(context, least, `lockkeeper ${name}`);
  await unlockAdministrator(context, await invocation.terminal.askHidden('The administrator’s passphrase: '));
}

async function passphraseFrom({ options }: Invocation): Promise<string | null> {
  if (options.passphraseEnv !== undefined) return fromVariable(options.passphraseEnv);
  if (options.passphraseStdin !== true) return null;
  if (options.passwordStdin === true)
    raise({
      code: 'usage.invalid',
      message: 'Standard input can hold the password or the passphrase, not both.',
      hint: 'Give one of them with --password-env or --passphrase-env.',
    });
  return readStandardInput();
}
