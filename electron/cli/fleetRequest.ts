/** Which databases a fleet's command line means, and how they go. */

import type { Command } from 'commander';
import type { Environment } from '../../shared/model/environment.ts';
import {
  type FleetPolicy,
  type FleetTarget,
  mostJobs,
  type Shard,
  usualFleetPolicy,
} from '../../shared/model/fleet.ts';
import { type TenantKind, tenantKinds } from '../../shared/model/tenant.ts';
import { raise } from '../../shared/problem.ts';
import { chooseMembers } from '../services/fleet/chooseMembers.ts';
import { discoverTenants } from '../services/fleet/discoverTenants.ts';
import { findEnvironment } from '../services/target.ts';
import { count, type Invocation } from './invocation.ts';

export interface ChoiceOptions {
  readonly group?: string;
  readonly all?: boolean;
  readonly tenantsOf?: string;
  readonly tenantQuery?: string;
  readonly tenantKind?: string;
  readonly shard?: string;
  readonly name?: string;
}

export interface PolicyOptions {
  readonly jobs?: number;
  readonly canary?: number;
  readonly maxFailures?: number;
  readonly continueOnError?: boolean;
  readonly pauseBetweenStages?: boolean;
  readonly rehearse?: boolean;
}

export const withChoice = (command: Command): Command =>
  command
    .argument('[environments...]', 'names of environments or tenants')
    .option('--group <group>', 'the environments of this group')
    .option('--all', 'every environment that has a migration folder')
    .option('--tenants-of <environment>', 'databases or schemas beside this one’s, with its login and protection')
    .option('--tenant-query <sql>', 'only reads; the first column of its rows names the tenants')
    .option('--tenant-kind <kind>', 'database (default) or schema')
    .option('--shard <i/n>', 'only part i of n: each machine of a scheduler takes one')
    .option('--name <name>', 'what the fleet is called (default: the group, or the tenants’ environment)');

export interface FleetChoice {
  readonly name: string;
  readonly environmentIds: readonly string[];
  readonly shard: Shard | null;
}

/** With `--tier`, only those of that tier. @throws {ProblemError} `usage.invalid`, `fleet.empty`, `fleet.tenants` */
export async function fleetChoice(
  invocation: Invocation,
  names: readonly string[],
  options: ChoiceOptions,
): Promise<FleetChoice> {
  const ways = [names.length > 0, options.group !== undefined, options.all === true, options.tenantsOf !== undefined];
  if (ways.filter(Boolean).length !== 1)
    raise({
      code: 'usage.invalid',
      message: 'Which databases?',
      hint: 'Name environments, or give one of --group, --all and --tenants-of.',
    });
  const { tier } = invocation.options;
  const found = await environmentsOf(invocation, names, options);
  const chosen = found.filter((one) => tier === undefined || one.tier === tier);
  const name = options.name ?? options.group ?? options.tenantsOf ?? (options.all === true ? 'all' : names.join(', '));
  if (chosen.length === 0)
    raise({
      code: 'fleet.empty',
      message: `No environment is meant by ${name}${tier === undefined ? '' : ` in the tier ${tier}`}.`,
      hint: 'List the environments with: lockkeeper env list',
    });
  return { name, environmentIds: chosen.map(({ id }) => id), shard: shardOf(options.shard) };
}

async function environmentsOf(
  invocation: Invocation,
  names: readonly string[],
  options: ChoiceOptions,
): Promise<readonly Environment[]> {
  const { context } = await invocation.backend();
  if (options.tenantsOf !== undefined) return tenantsOf(invocation, options.tenantsOf, options);
  if (names.length > 0) return names.map((name) => findEnvironment(context, name));
  const all = context.workspace.environments.list();
  if (options.group !== undefined) return all.filter(({ group }) => group === options.group);
  return all.filter(({ source }) => source !== null);
}

async function tenantsOf(invocation: Invocation, of: string, options: ChoiceOptions): Promise<readonly Environment[]> {
  const query = options.tenantQuery;
  const kind = tenantKinds.find((one) => one === (options.tenantKind ?? ('database' satisfies TenantKind)));
  if (query === undefined || kind === undefined)
    return raise({
      code: 'usage.invalid',
      message: kind === undefined ? `There are no tenants of the kind “${options.tenantKind}”.` : 'Which tenants?',
      hint: 'Give --tenant-query "SELECT …", whose first column names them, and --tenant-kind database or schema.',
    });
  const { context } = await invocation.backend();
  const password = await invocation.password();
  const target = { kind: 'environment', nameOrId: of, ...(password === null ? {} : { password }) } as const;
  const tenants = await discoverTenants(context, target, query, kind);
  return chooseMembers(
    context,
    tenants.map(({ id }) => id),
    null,
  );
}

function shardOf(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const [, index = 0, parts = 0] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? []).map(Number);
  return index >= 1 && index <= parts
    ? { index, count: parts }
    : raise({
        code: 'usage.invalid',
        message: `“${text}” is not a part such as 2/5.`,
        hint: 'Write --shard I/N, with I from 1 to N.',
      });
}

export const withPolicy = (command: Command): Command =>
  command
    .option('--jobs <n>', `members at once (default ${usualFleetPolicy.jobs})`, count)
    .option('--canary <n>', 'the first n of each stage go before its others', count)
    .option('--max-failures <k>', 'stop a stage at the kth failure (default 1)', count)
    .option(
      '--continue-on-error',
      'go on with the others of a stage whatever fails; the next stage still waits for all',
    )
    .option('--pause-between-stages', 'each stage but the first waits for a go-ahead')
    .option('--rehearse', 'rehearse members first whose protection asks for it');

export function policyOf(options: PolicyOptions): FleetPolicy {
  const { jobs = usualFleetPolicy.jobs, canary = 0, maxFailures = 1 } = options;
  if (jobs > mostJobs)
    raise({ code: 'usage.invalid', message: `At most ${mostJobs} members go at once.`, hint: 'Give fewer --jobs.' });
  return {
    ...{ jobs, canary },
    maxFailures: options.continueOnError === true ? null : maxFailures,
    pauseBetweenStages: options.pauseBetweenStages === true,
    rehearse: options.rehearse === true,
  };
}

export const fleetTarget = ({ to }: { readonly to?: string }): FleetTarget => ({
  direction: 'up',
  ...(to === undefined ? {} : { to }),
});

/** One password for all members; absent: each has its own. */
export async function secretOf(invocation: Invocation): Promise<{ readonly password?: string }> {
  const password = await invocation.password();
  return password === null ? {} : { password };
}
