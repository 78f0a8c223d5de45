/** The demo: two embedded databases of a small bakery, one migration pending, one risky, one changed after it was applied. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Environment, EnvironmentColour, Tier } from '../../shared/model/environment.ts';
import { notRehearsed } from '../../shared/model/rehearsal.ts';
import { tourMigrations } from '../../shared/model/tour.ts';
import { createDatabase } from '../databases/sqlite/index.ts';
import type { Context } from './context.ts';
import { addEnvironment } from './environments.ts';
import { startRun } from './startRun.ts';

interface DemoEnvironment {
  readonly name: string;
  readonly tier: Tier;
  readonly colour: EnvironmentColour;
}

/** Where the tour migrates and rolls back. */
export const tourEnvironment = 'bakery-test';

const demoEnvironments: readonly DemoEnvironment[] = [
  { name: tourEnvironment, tier: 'test', colour: 'blue' },
  { name: 'bakery-production', tier: 'production', colour: 'red' },
];

/** The newest migration that is applied already; what comes after it is there to be tried. */
const appliedTo = '1.6.0';
/** Changed after it was applied, so that its checksum differs. */
const changedFile = `${tourMigrations.changed}_index_orders_by_day.sql`;

/** Adds what is missing of the demo and leaves what exists as it is. */
export async function createDemo(context: Context): Promise<{ environments: string[] }> {
  const missing = demoEnvironments.filter(({ name }) => context.workspace.environments.find(name) === null);
  for (const demo of missing) await createOne(context, demo);
  return { environments: demoEnvironments.map(({ name }) => name) };
}

async function createOne(context: Context, demo: DemoEnvironment): Promise<void> {
  const folder = path.join(context.workspace.dataDirectory, 'demo', demo.name);
  const source = path.join(folder, 'migrations');
  const file = path.join(folder, 'bakery.db');
  await mkdir(folder, { recursive: true });
  await cp(path.join(context.host.samplesFolder, 'demo'), source, { recursive: true });
  await createDatabase(file);
  const environment = await addEnvironment(context, {
    ...demo,
    group: 'Demo',
    connection: { engine: 'sqlite', file },
    source: { path: source },
    secret: null,
  });
  await applyFirst(context, environment);
  await changeAppliedFile(path.join(source, changedFile));
}

/** As somebody would who tunes an index in place instead of in a new migration. */
async function changeAppliedFile(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('(ordered_on, customer_id)', '(ordered_on)'));
}

async function applyFirst(context: Context, environment: Environment): Promise<void> {
  const started = await startRun(context, {
    target: { kind: 'environment', nameOrId: environment.id },
    wanted: { direction: 'up', to: appliedTo },
    fingerprint: null,
    backup: false,
    confirm: environment.name,
    reason: 'The demo’s history',
    accept: ['dataLoss', notRehearsed],
    continueOnError: false,
  });
  await started.finished;
}
