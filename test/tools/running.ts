// Runs migrations of a source through the engine, as a run does after planning and locking.

import type { Driver } from '../../electron/databases/driver.ts';
import { type ExecutionReport, execute } from '../../electron/engine/execute.ts';
import type { HistoryTable, Session, Unit } from '../../electron/engine/ports.ts';
import { createScriptPieces } from '../../electron/engine/scriptPieces.ts';
import { createScriptReader } from '../../electron/tools/common/scriptReader.ts';
import { createProgramRunner } from '../../electron/tools/programs/programRunner.ts';
import type { Migration } from '../../shared/model/migration.ts';
import type { Plan, Step } from '../../shared/model/plan.ts';

export interface Bench {
  readonly session: Session;
  readonly driver: Driver;
  readonly root: string;
  readonly history: HistoryTable;
}

export const runId = '01TESTRUN';
export const actor = "o'brien@desk";

export function stepFor(bench: Bench, migration: Migration, action: Step['action']): Step {
  const script = action === 'apply' ? migration.up : migration.down;
  if (script === null) throw new Error(`${migration.version} has no way back`);
  const wanted = action === 'apply' ? migration.transaction.up : migration.transaction.down;
  const { version, historyKey, name, checksum } = migration;
  const transactional = wanted && bench.driver.capabilities.transactionalDdl;
  return {
    index: 0,
    version,
    historyKey,
    name,
    action,
    script,
    checksum,
    transactional,
    ownTransactions: false,
    statements: 1,
    reversible: migration.down !== null,
    hazards: [],
    tables: [],
    estimate: null,
    batched: [],
    placeholders: {},
    migration,
  };
}

export async function run(bench: Bench, migration: Migration, action: Step['action']): Promise<ExecutionReport> {
  const { driver, session, history, root } = bench;
  const step = stepFor(bench, migration, action);
  const plan: Plan = {
    fingerprint: '',
    direction: action === 'apply' ? 'up' : 'down',
    request: { direction: 'up' },
    steps: [step],
    problems: [],
    warnings: [],
    historySha256: '',
    target: {
      environment: '',
      engine: driver.id,
      server: '',
      database: '',
      tool: '',
      historyTable: history.table.name,
    },
  };
  return execute(
    plan,
    {
      runId,
      actor,
      session,
      history,
      capabilities: driver.capabilities,
      dialect: driver.dialect,
      control: driver.control,
      sql: driver.sql,
      pieces: createScriptPieces(createScriptReader(root), driver.sql, {
        dialect: driver.dialect,
        valueOf: (name) => (name === 'environment' ? 'the desk' : null),
      }),
      programs: createProgramRunner(root),
      journal: null,
      lockAttempts: 1,
      acceptsLostRows: false,
      clientJournal: { append: async () => undefined },
      clock: { now: Date.now, elapsed: () => performance.now() },
      signal: new AbortController().signal,
      resume: null,
      redact: (text) => text,
      emit: () => undefined,
    },
    { continueOnError: false },
  );
}

export async function send(session: Session, statements: readonly string[]): Promise<void> {
  const units = statements.map((sql): Unit => ({ kind: 'control', sql }));
  await session.send(units, { completed: () => undefined, notice: () => undefined });
}
