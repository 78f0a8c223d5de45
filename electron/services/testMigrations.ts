/** Tries migrations on a scratch database: up, down, up, comparing schemas. The real database is not touched. */

import { describeObject } from '../../shared/model/describeSchema.ts';
import type { Migration } from '../../shared/model/migration.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { SchemaObject, SnapshotComparison } from '../../shared/model/snapshot.ts';
import type { MigrationTest, TestReport } from '../../shared/model/testing.ts';
import { nothingChanged, type Problem, ProblemError, raise } from '../../shared/problem.ts';
import { scratchName } from '../databases/common/scratchName.ts';
import type { ScratchDatabase, ScratchDatabases } from '../databases/scratch.ts';
import { compareSnapshots } from '../engine/compareSnapshots.ts';
import { noHazards } from '../engine/hazards.ts';
import { buildPlan } from '../engine/plan.ts';
import { MessageFault, ServerFault, type Session } from '../engine/ports.ts';
import { analyseScript } from './analyseScript.ts';
import { firstBeyond, historyElsewhere } from './confined.ts';
import type { Context } from './context.ts';
import { removeCopyRecord, writeCopyRecord } from './copyRecords.ts';
import { asProblem } from './problems.ts';
import { protectionOf } from './protection.ts';
import { formatTable, type OpenSource, readSource, tableName } from './readSource.ts';
import { removeAbandonedCopies } from './removeAbandonedCopies.ts';
import { runOnScratch } from './runOnScratch.ts';
import {
  openSession,
  resolveTarget,
  sessionOptions,
  type TargetDatabase,
  type TargetRequest,
  withSession,
} from './target.ts';

export interface TestOptions {
  /** The one to try; null for all. Those before it are applied only. */
  readonly version: string | null;
  readonly signal: AbortSignal;
  /** Called before each migration. */
  onProgress(version: string, index: number, total: number): void;
}

/** @throws {ProblemError} `test.refused`, `database.rights`, and what reading the source throws */
export async function testMigrations(
  context: Context,
  request: TargetRequest,
  options: TestOptions,
): Promise<TestReport> {
  const target = withPlainHistoryTable(await resolveTarget(context, request));
  const source = await readSource(target);
  const [problem] = source.problems;
  if (problem !== undefined) raise(problem);
  const elsewhere = historyElsewhere(source, target.driver.scratch);
  if (elsewhere !== null) throw new ProblemError(elsewhere);
  const migrations = upTo(source.migrations, options.version);
  await requireConfined(migrations, source, target.driver.scratch);
  if (target.environment.connection.engine !== 'sqlite')
    await withSession(context, target, (session) => requireFreeToTry(context, target, session));
  await removeAbandonedCopies(context, target);
  const scratch = await createScratch(context, target);
  try {
    return await onScratch(context, target, source, migrations, scratch, options);
  } finally {
    await scratch.drop();
    await removeCopyRecord(context, scratch.name);
  }
}

/** A schema of its own for the history would be missing in the scratch database, or be another database. */
function withPlainHistoryTable(target: TargetDatabase): TargetDatabase {
  const { source } = target.environment;
  const table = tableName(source?.historyTable);
  if (source === null || table === null) return target;
  return { ...target, environment: { ...target.environment, source: { ...source, historyTable: table.name } } };
}

function upTo(migrations: readonly Migration[], version: string | null): readonly Migration[] {
  if (version === null) return migrations;
  const index = migrations.findIndex((one) => one.version === version || one.historyKey === version);
  if (index !== -1) return migrations.slice(0, index + 1);
  return raise({
    code: 'source.noSuchVersion',
    message: `There is no migration “${version}” in this folder.`,
    hint: 'Look up the versions with the status command.',
  });
}

/** The login reaches other databases too: nothing is tried that could touch them. */
async function requireConfined(
  migrations: readonly Migration[],
  source: OpenSource,
  scratch: ScratchDatabases,
): Promise<void> {
  for (const { up, down, verify, version } of migrations)
    for (const script of [up, down, verify]) {
      if (script?.kind === 'program')
        refuse(`Migration ${version} is a program: what it would do is not known before it runs.`, {
          path: script.path,
        });
      const beyond = script === null ? null : await firstBeyond(script, source.pieces, scratch);
      if (script !== null && beyond !== null)
        refuse(`A statement of migration ${version} ${beyond.does}; a test may touch its scratch database only.`, {
          path: script.path,
          line: beyond.line,
        });
    }
}

async function requireFreeToTry(context: Context, target: TargetDatabase, session: Session): Promise<void> {
  const held = protectionOf(context, target, session);
  if (held.problem !== null) throw new ProblemError(held.problem);
  if (held.protection.readOnly || held.protection.typedName)
    refuse(`${held.name} is protected: nothing is tried on its server.`, {});
}

function refuse(message: string, place: Pick<Problem, 'path' | 'line'>): never {
  throw new ProblemError({
    code: 'test.refused',
    message,
    state: nothingChanged,
    hint: 'Test against a server of its own, such as a development environment, or take the migration out of the folder for the test.',
    ...place,
  });
}

async function createScratch(context: Context, target: TargetDatabase): Promise<ScratchDatabase> {
  const { id, connection } = target.environment;
  const name = scratchName();
  // A file lies in the system's folder for such, where nobody keeps anything.
  if (connection.engine !== 'sqlite')
    await writeCopyRecord(context, { name, url: target.driver.formatUrl(connection), environmentId: id });
  try {
    return await target.driver.scratch.create(connection, sessionOptions(context, target, false), name);
  } catch (thrown) {
    // Where the connection was lost it may be there all the same.
    if (thrown instanceof ServerFault && thrown.kind !== 'connectionLost') await removeCopyRecord(context, name);
    throw asProblem(thrown, connection);
  }
}

async function onScratch(
  context: Context,
  target: TargetDatabase,
  source: OpenSource,
  migrations: readonly Migration[],
  scratch: ScratchDatabase,
  options: TestOptions,
): Promise<TestReport> {
  const there: TargetDatabase = {
    ...target,
    environment: { ...target.environment, id: '', connection: scratch.connection },
  };
  const session = await openSession(context, there, false);
  try {
    const bench: Bench = { context, target: there, source, session };
    const tests: MigrationTest[] = [];
    for (const [index, migration] of migrations.entries()) {
      if (tests.some((test) => test.outcome === 'failed')) {
        tests.push(notTested(migration));
        continue;
      }
      options.onProgress(migration.version, index, migrations.length);
      const appliedOnly = options.version !== null && index < migrations.length - 1;
      const test = await tryMigration(bench, migration, appliedOnly, options.signal);
      if (!appliedOnly || test.outcome === 'failed') tests.push(test);
    }
    const failed = tests.find((test) => test.outcome === 'failed');
    return {
      environment: target.environment.name,
      tool: source.tool.id,
      engine: target.driver.id,
      outcome: failed === undefined ? 'passed' : 'failed',
      tests,
      problem: failed === undefined ? null : (failed.problem ?? unequal(failed)),
    };
  } catch (thrown) {
    throw asProblem(thrown instanceof MessageFault ? thrown.fault : thrown, scratch.connection);
  } finally {
    await session.close();
  }
}

interface Bench {
  readonly context: Context;
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  readonly session: Session;
}

const notTested = ({ version, name }: Migration): MigrationTest => ({
  version,
  name,
  outcome: 'notTested',
  upMs: null,
  downMs: null,
  differences: [],
  problem: null,
});

async function tryMigration(
  bench: Bench,
  migration: Migration,
  appliedOnly: boolean,
  signal: AbortSignal,
): Promise<MigrationTest> {
  const base = notTested(migration);
  const before = appliedOnly ? [] : await schemaOf(bench);
  const up = await execute(bench, migration, 'apply', signal);
  if (up.problem !== null) return { ...base, outcome: 'failed', upMs: up.ms, problem: up.problem };
  if (appliedOnly || migration.down === null) return { ...base, outcome: 'irreversible', upMs: up.ms };
  const applied = await schemaOf(bench);
  const down = await execute(bench, migration, 'revert', signal);
  const timed = { ...base, upMs: up.ms, downMs: down.ms };
  if (down.problem !== null) return { ...timed, outcome: 'failed', problem: down.problem };
  const rolledBack = compareSchemas('down', before, await schemaOf(bench));
  const again = await execute(bench, migration, 'apply', signal);
  if (again.problem !== null) return { ...timed, outcome: 'failed', differences: rolledBack, problem: again.problem };
  const differences = [...rolledBack, ...compareSchemas('again', applied, await schemaOf(bench))];
  return { ...timed, outcome: differences.length === 0 ? 'passed' : 'failed', differences };
}

const schemaOf = ({ target, source, session }: Bench): Promise<SchemaObject[]> =>
  target.driver.readSnapshot(session, [source.history.table, ...(source.history.beside ?? [])]);

/** A column that was dropped and made again stands at the end. */
const strictly: SnapshotComparison = {
  columnOrder: true,
  comments: false,
  owners: false,
  grants: false,
  generatedNames: false,
};

function compareSchemas(
  after: 'down' | 'again',
  expected: readonly SchemaObject[],
  found: readonly SchemaObject[],
): MigrationTest['differences'] {
  const { changes } = compareSnapshots(expected, found, strictly);
  if (changes.length === 0) return [];
  const missing = changes.flatMap((change) => (change.change === 'added' ? [] : [describeObject(change.before)]));
  const extra = changes.flatMap((change) => (change.change === 'removed' ? [] : [describeObject(change.after)]));
  return [{ after, missing, extra }];
}

async function execute(bench: Bench, migration: Migration, action: 'apply' | 'revert', signal: AbortSignal) {
  const plan = await planOf(bench, migration, action);
  const [problem] = plan.problems;
  if (problem !== undefined) return { problem, ms: null };
  const startedAt = bench.context.clock.elapsed();
  const found = await runOnScratch(bench, plan, signal);
  return { problem: found, ms: Math.round(bench.context.clock.elapsed() - startedAt) };
}

/** A plan of this one step, as planning would make it in a database where it is its turn. */
async function planOf(
  { target, source, session }: Bench,
  migration: Migration,
  action: 'apply' | 'revert',
): Promise<Plan> {
  const script = action === 'apply' ? migration.up : (migration.down ?? migration.up);
  const row = { migration, entry: null, status: action === 'apply' ? 'pending' : 'applied' } as const;
  return buildPlan({
    selection: { steps: [{ row, migration, action, script }], problems: [], warnings: [] },
    request: { direction: action === 'apply' ? 'up' : 'down' },
    target: {
      environment: target.environment.name,
      engine: target.driver.id,
      server: session.identity.id,
      database: session.identity.database,
      tool: source.tool.id,
      historyTable: formatTable(source.history.table),
    },
    analyses: [await analyseScript(script, target.driver, source.pieces, noHazards)],
    entries: [],
    capabilities: session.capabilities,
    toolTransactional: source.tool.rules.transactional,
    leavesTransaction: source.tool.rules.leavesTransaction,
    keepsOwnTransactions: source.tool.rules.keepsOwnTransactions,
    retriesFailed: true,
    halfDone: new Map(),
    measured: new Map(),
  });
}

function unequal({ version, differences }: MigrationTest): Problem {
  const [difference] = differences;
  const lines = [
    ...(difference?.missing ?? []).map((line) => `- ${line}`),
    ...(difference?.extra ?? []).map((line) => `+ ${line}`),
  ];
  return {
    code: 'test.unequal',
    message:
      difference?.after === 'again'
        ? `Migration ${version} leaves another schema when it is applied again after its rollback.`
        : `The rollback of migration ${version} does not restore the schema before it.`,
    state: 'Only a scratch database was used; it was dropped.',
    hint: 'Correct the rollback script, or call the migration irreversible by leaving the script out.',
    serverMessage: lines.slice(0, 20).join('\n'),
  };
}
