/** `token`: who may use the REST API of `serve --api`. */
import { Option } from 'commander';
import type { Role } from '../../../shared/model/role.ts';
import type { ApiToken } from '../../../shared/model/token.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { createToken, listTokens, revokeToken } from '../../services/tokens.ts';
import { type Column, formatTable, formatTime } from '../format.ts';
import type { Define } from '../invocation.ts';
import { plain } from '../terminal.ts';

const roleWords: Readonly<Record<string, Role>> = {
  viewer: 'viewer',
  operator: 'operator',
  admin: 'administrator',
  administrator: 'administrator',
};

interface CreateOptions {
  readonly role: string;
  readonly name: string;
  readonly expires?: number;
  readonly for: readonly string[];
}

export const tokenCommand: Define = (program, bind) => {
  const group = program.command('token').description('tokens of the REST API (serve --api)');
  const create = group
    .command('create')
    .description('shows a new token once; only its digest is kept')
    .addOption(new Option('--role <role>', 'what it may do').choices(Object.keys(roleWords)).makeOptionMandatory())
    .requiredOption('--name <name>', 'what uses it; the audit log names it so')
    .option('--expires <days>', 'until when it is valid, for example 90d (default: until it is revoked)', days)
    .option(
      '--for <environment>',
      'an environment that it may see, repeatable; with --env the same (default: all)',
      more,
      [],
    );
  bind(create, async ({ backend, options, terminal }) => {
    const { context } = await backend();
    const { role, name, expires, for: named } = create.opts<CreateOptions>();
    const { token, secret } = createToken(context, {
      name,
      role: roleWords[role] ?? 'viewer',
      expiresInDays: expires ?? null,
      environments: [...named, ...(options.env === undefined ? [] : [options.env])],
    });
    if (terminal.machine) terminal.document({ token, secret });
    else {
      terminal.print(secret);
      terminal.note(`It is shown this once. Send it as: Authorization: Bearer TOKEN`);
    }
    return exitCodes.done;
  });

  const list = group.command('list').description('names, roles, expiry and last use; never a token itself');
  bind(list, async ({ backend, terminal }) => {
    const { context } = await backend();
    const tokens = listTokens(context);
    const nameOf = (id: string): string => context.workspace.environments.find(id)?.name ?? `${id} (removed)`;
    if (terminal.machine) terminal.document({ tokens });
    else terminal.print(tokens.length === 0 ? 'No tokens yet.' : formatTable(columns(nameOf), tokens, terminal));
    return exitCodes.done;
  });

  const revoke = group.command('revoke').argument('<name>').description('refused from now on, by its name or id');
  bind(revoke, async ({ backend, terminal }) => {
    const { context } = await backend();
    const token = revokeToken(context, revoke.args[0] ?? '');
    if (terminal.machine) terminal.document({ revoked: token });
    else terminal.print(`✓ The token ${plain(token.name)} is refused from now on.`);
    return exitCodes.done;
  });
};

const columns = (nameOf: (id: string) => string): readonly Column<ApiToken>[] => [
  { title: 'Name', value: (row) => row.name },
  { title: 'Role', value: (row) => row.role },
  { title: 'Environments', value: (row) => row.environments?.map(nameOf).join(', ') ?? 'all' },
  { title: 'Created', value: (row) => formatTime(row.createdAt) },
  { title: 'By', value: (row) => row.createdBy },
  { title: 'Expires', value: (row) => (row.expiresAt === null ? 'never' : formatTime(row.expiresAt)) },
  { title: 'Last used', value: (row) => (row.lastUsedAt === null ? 'not yet' : formatTime(row.lastUsedAt)) },
];

const more = (name: string, before: readonly string[]): readonly string[] => [...before, name];

function days(text: string): number {
  const value = Number(/^(\d{1,5})d?$/.exec(text)?.[1] ?? 0);
  return value >= 1
    ? value
    : raise({ code: 'usage.invalid', message: `“${text}” is not a number of days.`, hint: 'Write, for example, 90d.' });
}
