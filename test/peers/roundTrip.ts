// The original program and we, in turn, on one database: each must agree with what the other did.
import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readSource } from '../../electron/services/readSource.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { resolveTarget } from '../../electron/services/target.ts';
import { trustPrograms } from '../../electron/services/trust.ts';
import type { Target } from '../../shared/model/plan.ts';
import type { Run } from '../../shared/model/run.ts';
import type { StatusReport } from '../../shared/model/status.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, type TestEngine, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { tableShape } from './tableShape.ts';
import { takeToolLock } from './toolLock.ts';

/** Every test that a program's adapter allows, on each of its engines. */
export function roundTrip(peer: Peer): void {
  describe(peer.title, () => {
    let installation = '/';
    beforeAll(async () => {
      installation = (await peer.install?.()) ?? installation;
    });

    describe.each(peer.engines)('on %s', (engine) => {
      const opened = (context: TestContext): Promise<Both> => open(peer, engine, installation, context);
      test('it begins, we agree and go on, it agrees', async (context) => turnByTurn(await opened(context)));
      test('we begin with an empty database, it agrees; its table and ours are alike', async (context) =>
        weBegin(await opened(context), await opened(context)));
      test('one at a time', async (context) => oneAtATime(context, await opened(context)));
    });
  });
}

/** The program's project with its database, and we on both. */
interface Both {
  readonly place: PeerPlace;
  readonly project: PeerProject;
  readonly peer: Peer;
  readonly desk: TestBackend;
}

async function open(peer: Peer, engine: TestEngine, installation: string, context: TestContext): Promise<Both> {
  const reason = engine === 'sqlite' ? undefined : unavailable(engine);
  if (reason !== undefined) skipBecause(context, reason);
  const database = await testDatabase(engine);
  onTestFinished(() => database[Symbol.asyncDispose]());
  const folder = await realpath(await mkdtemp(join(tmpdir(), `lockkeeper-${peer.tool}-`)));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const modules = join(installation, 'node_modules');
  if (existsSync(modules)) await symlink(modules, join(folder, 'node_modules'));
  const desk = await testBackend();
  onTestFinished(() => desk[Symbol.asyncDispose]());
  const place = { engine, url: database.url, query: database.query, folder, installed: installation };
  return { place, project: await peer.open(place), peer, desk };
}

const targetOf = ({ place, project }: Both) => adHoc(place.url, project.source);

/** Our status; every migration of the source has one of these, by its key. */
async function ours(both: Both): Promise<StatusReport> {
  const status = await readStatus(both.desk.backend.context, targetOf(both));
  expect({ tool: status.tool, problems: status.problems }).toEqual({ tool: both.peer.tool, problems: [] });
  return status;
}

/** What was rolled back is pending again; some tables remember it. */
const statuses = async (both: Both): Promise<string[][]> =>
  (await ours(both)).migrations.map(({ historyKey, status }) => [
    historyKey,
    status === 'reverted' ? 'pending' : status,
  ]);

const appliedUpTo = ({ project }: Both, count: number): string[][] =>
  project.keys.map((key, index) => [key, index < count ? 'applied' : 'pending']);

async function weSucceed(both: Both, wanted: Target): Promise<void> {
  const { outcome, problem } = await weRun(both, wanted);
  expect({ outcome, problem }).toEqual({ outcome: 'succeeded', problem: null });
}

async function weRun(both: Both, wanted: Target): Promise<Run> {
  const { context } = both.desk.backend;
  const target = targetOf(both);
  const { trust } = await ours(both);
  if (trust !== null)
    await trustPrograms(
      context,
      target,
      trust.programs.map(({ digest }) => digest),
    );
  const { plan } = await planMigration(context, target, wanted);
  expect(plan.problems).toEqual([]);
  const accept = plan.steps.flatMap((step) => step.hazards.map(({ code }) => code));
  return (await run(both.desk.backend, target, { wanted, accept })).run;
}

async function turnByTurn(both: Both): Promise<void> {
  const { project } = both;
  const all = project.keys.length;
  await project.up(2);
  expect(await statuses(both)).toEqual(appliedUpTo(both, 2));
  await weSucceed(both, { direction: 'up' });
  expect(await statuses(both)).toEqual(appliedUpTo(both, all));
  await project.upToDate();
  expect(await project.applied()).toEqual(project.keys);
  if (project.down === undefined && project.takesOurRollback === undefined) return;

  await project.down?.();
  const left = project.down === undefined ? all : all - 1;
  expect(await statuses(both)).toEqual(appliedUpTo(both, left));
  await weSucceed(both, { direction: 'down', steps: 1 });
  expect(await project.applied()).toEqual(project.keys.slice(0, left - 1));
  await project.up();
  expect(await statuses(both)).toEqual(appliedUpTo(both, all));
}

async function weBegin(both: Both, other: Both): Promise<void> {
  expect(await statuses(both)).toEqual(appliedUpTo(both, 0));
  await weSucceed(both, { direction: 'up' });
  await both.project.upToDate();
  expect(await both.project.applied()).toEqual(both.project.keys);
  await other.project.up();
  const { table } = both.project;
  expect(await tableShape(both.place, table)).toEqual(await tableShape(other.place, table));
}

async function oneAtATime(context: TestContext, both: Both): Promise<void> {
  const { lock } = both.project;
  if (lock === undefined) {
    const { tool } = await readSource(await resolveTarget(both.desk.backend.context, targetOf(both)));
    expect(tool.rules.ownLock).toBeNull();
    return skipBecause(context, 'the program has no lock');
  }
  const release = await takeToolLock(both.desk.backend.context, targetOf(both));
  await lock.isKeptOut(release);
  await release();
  await lock.whileItRuns(async () => {
    expect(await weRun(both, { direction: 'up' })).toMatchObject({
      outcome: 'refused',
      problem: { code: 'lock.held' },
    });
  });
}
