// Active Record and we, in turn, on one database. Ruby migrations are not run by us: we tell, and correct its table.
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { prepareRepair } from '../../electron/services/prepareRepair.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { startRepair } from '../../electron/services/startRepair.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { RepairRequest } from '../../shared/model/repair.ts';
import type { Run } from '../../shared/model/run.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, type TestBackend, type TestEngine, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { read, samples } from '../tools/reading.ts';
import { libraryConnection } from './libraryConnection.ts';
import type { PeerPlace } from './peer.ts';
import { runProgram } from './runProgram.ts';
import { sleepingSql, untilAsleep, wake } from './sleeping.ts';
import { tableShape } from './tableShape.ts';
import { takeToolLock } from './toolLock.ts';

const versions = ['20260105090000', '20260112090000', '20260119090000'] as const;
const last = versions[2];
const lastFile = `${last}_add_minutes.rb`;
const addMinutes = migrationClass('def change\n    add_column :recipes, :minutes, :integer\n  end');

function migrationClass(body: string): string {
  return `class AddMinutes < ActiveRecord::Migration[6.1]\n  ${body}\nend\n`;
}

interface Project {
  readonly place: Pick<PeerPlace, 'engine' | 'url' | 'query'>;
  /** Its `db/migrate`. */
  readonly source: string;
  readonly target: TargetRequest;
  readonly desk: TestBackend;
  readonly activeRecord: (...args: readonly string[]) => Promise<string>;
}

async function open(context: TestContext, engine: TestEngine): Promise<Project> {
  const reason = engine === 'sqlite' ? undefined : unavailable(engine);
  if (reason !== undefined) skipBecause(context, reason);
  const database = await testDatabase(engine);
  onTestFinished(() => database[Symbol.asyncDispose]());
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'lockkeeper-rails-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const desk = await testBackend();
  onTestFinished(() => desk[Symbol.asyncDispose]());
  const source = join(folder, 'db/migrate');
  await cp(join(samples, 'rails/db/migrate'), source, { recursive: true });
  for (const name of await readdir(source)) {
    const text = await readFile(join(source, name), 'utf8');
    await writeFile(join(source, name), text.replace('Migration[7.1]', 'Migration[6.1]'));
  }
  await writeFile(join(source, lastFile), addMinutes);
  const place = { engine, url: database.url, query: database.query };
  const env = { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8', DATABASE: JSON.stringify(settingsFor(place)) };
  const script = join(import.meta.dirname, 'activeRecord.rb');
  const activeRecord = (...args: readonly string[]) =>
    runProgram('ruby', [script, source, ...args], { cwd: folder, env });
  return { place, source, target: adHoc(database.url, source), desk, activeRecord };
}

function settingsFor(place: Pick<PeerPlace, 'engine' | 'url'>): Readonly<Record<string, unknown>> {
  const { filename, user, ...server } = libraryConnection(place);
  if (filename !== undefined) return { adapter: 'sqlite3', database: filename };
  return { adapter: place.engine === 'mariadb' ? 'mysql2' : 'postgresql', username: user, ...server };
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Both say that exactly these are applied. */
async function expectApplied(project: Project, applied: readonly string[]): Promise<void> {
  const { desk, target, activeRecord } = project;
  const { tool, problems, migrations } = await readStatus(desk.backend.context, target);
  expect({ tool, problems }).toEqual({ tool: 'rails', problems: [] });
  expect(migrations.map(({ version, status }) => [version, status])).toEqual(
    versions.map((version) => [version, applied.includes(version) ? 'applied' : 'pending']),
  );
  const pending = applied.length < versions.length ? ['and more is pending'] : [];
  expect(lines(await activeRecord('applied'))).toEqual([...applied, ...pending]);
}

async function repair({ desk, target }: Project, request: RepairRequest): Promise<Run> {
  const prepared = await prepareRepair(desk.backend.context, target, [request]);
  const answers = { fingerprint: prepared.fingerprint, confirm: null, reason: 'agreed with the team', accept: [] };
  return startRepair(desk.backend.context, prepared, { ...answers, backup: false }).finished;
}

async function expectRepaired(project: Project, request: RepairRequest): Promise<void> {
  const { outcome, problem } = await repair(project, request);
  expect({ outcome, problem }).toEqual({ outcome: 'succeeded', problem: null });
}

/** What its own dump, written now, is told to differ in from the folder. */
async function differencesFromDump({ activeRecord, source }: Project): Promise<string[]> {
  await activeRecord('dump');
  const { problems, notices } = await read('rails', source);
  expect(problems).toEqual([]);
  return notices.map(({ message }) => message);
}

describe.each(['postgres15', 'mariadb', 'sqlite'] as const)('Active Record of Debian on %s', (engine) => {
  test('it applies a part, the rest, and rolls back: we show the same; what we correct, it takes', async (context) => {
    const project = await open(context, engine);
    const { desk, target, activeRecord } = project;
    await activeRecord('up', versions[1]);
    await expectApplied(project, versions.slice(0, 2));
    const { plan } = await planMigration(desk.backend.context, target, { direction: 'up' });
    expect(plan.problems.map(({ message }) => message).join()).toContain('written in Ruby');
    expect(await differencesFromDump(project)).toEqual([expect.stringContaining(`does not list ${last}`)]);

    await activeRecord('up');
    await expectApplied(project, versions);
    expect(await differencesFromDump(project)).toEqual([]);

    await activeRecord('down');
    await expectApplied(project, versions.slice(0, 2));
    await expectRepaired(project, { action: 'markApplied', version: last });
    await expectApplied(project, versions);
    await expectRepaired(project, { action: 'markReverted', version: last });
    await expectApplied(project, versions.slice(0, 2));
    await activeRecord('up');
    await expectApplied(project, versions);
  }, 300_000);

  test('we begin with a baseline: its tables and ours are alike, and it goes on', async (context) => {
    const [ours, its] = [await open(context, engine), await open(context, engine)];
    await its.activeRecord('up', versions[1]);
    for (const name of ['recipes', 'steps']) await ours.place.query(`CREATE TABLE ${name} (id integer)`);
    await expectRepaired(ours, { action: 'baseline', version: versions[1] });
    for (const name of ['schema_migrations', 'ar_internal_metadata'])
      expect(await tableShape(ours.place, { schema: null, name })).toEqual(
        await tableShape(its.place, { schema: null, name }),
      );
    await ours.activeRecord('up');
    await expectApplied(ours, versions);
  });

  test('one at a time', async (context) => {
    if (engine === 'sqlite') return skipBecause(context, 'the program has no lock there');
    const project = await open(context, engine);
    const { place, source, activeRecord, desk, target } = project;
    await activeRecord('up', versions[1]);
    const release = await takeToolLock(desk.backend.context, target);
    await expect(activeRecord('up')).rejects.toThrow('ConcurrentMigrationError');
    await release();

    await writeFile(join(source, lastFile), migrationClass(`def up = execute("${sleepingSql(place)}")`));
    const migrating = activeRecord('up').catch((error: unknown) => error);
    await untilAsleep(place);
    expect(await repair(project, { action: 'markApplied', version: last })).toMatchObject({
      outcome: 'refused',
      problem: { code: 'lock.held' },
    });
    await wake(place);
    await migrating;
    await expectApplied(project, versions.slice(0, 2));
  });
});
