/** Databases of every engine as environments of one workspace, for fleets. */

import { join } from 'node:path';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { findFleet } from '../../electron/services/fleet/findFleet.ts';
import type { StartedFleet } from '../../electron/services/fleet/performFleet.ts';
import { type FleetRequest, startFleet } from '../../electron/services/fleet/startFleet.ts';
import type { EnvironmentInput } from '../../shared/contract/inputs.ts';
import { type FleetMember, type FleetPolicy, usualFleetPolicy } from '../../shared/model/fleet.ts';
import { type TestBackend, type TestDatabase, type TestEngine, testDatabase } from '../services/backend.ts';
import { environmentOf } from '../services/values.ts';

export const steps = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => index + 1).map((number) => [
      `${number}_step.sql`,
      `-- migrate:up\ncreate table step_${number} (id integer);\ninsert into step_${number} values (${number});\n-- migrate:down\ndrop table step_${number};\n`,
    ]),
  );

export interface Placed {
  readonly id: string;
  readonly name: string;
  readonly database: TestDatabase;
}

/** An environment for a new database. */
export async function place(
  { backend }: TestBackend,
  engine: TestEngine,
  source: string,
  facts: Partial<EnvironmentInput> & { readonly name: string },
): Promise<Placed> {
  const database = await testDatabase(engine);
  const password = engine === 'sqlite' ? '' : decodeURIComponent(new URL(database.url).password);
  const secret = password === '' ? null : { password, keep: 'ask' as const };
  const given = { ...environmentOf(database.url, source), secret, ...facts };
  const { id, name } = await addEnvironment(backend.context, given);
  return { id, name, database };
}

/** An environment for a new file in the test's own folder, which goes with it. */
export async function placeFile(
  { backend, folder }: TestBackend,
  source: string,
  facts: Partial<EnvironmentInput> & { readonly name: string },
): Promise<{ readonly id: string; readonly name: string; readonly file: string }> {
  const file = join(folder, `${facts.name}.db`);
  await createDatabase(file);
  const { id, name } = await addEnvironment(backend.context, { ...environmentOf(`sqlite:${file}`, source), ...facts });
  return { id, name, file };
}

export const fleetOf = (
  { backend }: TestBackend,
  members: readonly { readonly id: string }[],
  policy: Partial<FleetPolicy> = {},
  request: Partial<FleetRequest> = {},
): StartedFleet =>
  startFleet(backend.context, {
    name: 'Shops',
    environmentIds: members.map(({ id }) => id),
    wanted: { direction: 'up' },
    policy: { ...usualFleetPolicy, ...policy },
    shard: null,
    confirm: null,
    reason: null,
    accept: [],
    ...request,
  });

/** Each member's state, by name. */
export const statesOf = ({ backend }: TestBackend, id: string): Readonly<Record<string, FleetMember['state']>> =>
  Object.fromEntries(findFleet(backend.context, id).members.map(({ name, state }) => [name, state]));
