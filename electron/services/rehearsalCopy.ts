/** The copy that a plan is rehearsed on: of a file, of a backup, of the schema, or of the schema and some rows. */
import type { Backup } from '../../shared/model/backup.ts';
import type { RehearsalCopy } from '../../shared/model/rehearsal.ts';
import { onlyReads, type StepOutcome } from '../../shared/model/run.ts';
import { nothingChanged, type Problem, ProblemError } from '../../shared/problem.ts';
import { runWorker } from '../backups/sqlite/runWorker.ts';
import { historySha256 } from '../engine/plan.ts';
import type { Session, TableName } from '../engine/ports.ts';
import { historyElsewhere } from './confined.ts';
import type { Context } from './context.ts';
import { copySchema } from './copySchema.ts';
import type { PreparedPlan } from './planMigration.ts';
import { proveRestored } from './proveBackup.ts';
import { readSource, tableName } from './readSource.ts';
import type { RehearsalWatch } from './rehearse.ts';
import { removeAbandonedCopies } from './removeAbandonedCopies.ts';
import { toolTables } from './schemaSnapshots.ts';
import { type TargetDatabase, withSession } from './target.ts';
import { type CopyOptions, type RestoredCopy, withEmptyCopy, withRestoredCopy } from './withRestoredCopy.ts';

export interface CopyChoice {
  /** `auto`: with its rows where that is possible, else the schema. */
  readonly kind: 'auto' | 'data' | 'schema';
  /** Those whose rows stand for all; null: no subset. `name` or `schema.name`. */
  readonly tables: readonly string[] | null;
}

export interface RehearsalCopyTarget {
  readonly target: TargetDatabase;
  readonly facts: RehearsalCopy;
}

interface CopyRequest {
  readonly copy: CopyChoice;
  readonly accept: readonly string[];
  readonly signal: AbortSignal;
  readonly watch: Pick<RehearsalWatch, 'copied' | 'enters'>;
}

/** Rows of each table of a subset, and of a tool's own table, at most. */
const mostRows = { subset: 100_000, tool: 1_000_000 } as const;

type Use<T> = (copy: RehearsalCopyTarget) => Promise<T>;

/** Removed afterwards, also after a crash. @throws {ProblemError} `rehearsal.noCopy`, and what making it throws */
export async function withRehearsalCopy<T>(
  context: Context,
  prepared: PreparedPlan,
  request: CopyRequest,
  use: Use<T>,
): Promise<T> {
  const target = withPlainHistoryTable(prepared.target);
  const elsewhere = historyElsewhere(await readSource(target), target.driver.scratch);
  if (elsewhere !== null) throw new ProblemError(elsewhere);
  await removeAbandonedCopies(context, target);
  const making: Making = { context, prepared, target, request };
  const { kind, tables } = request.copy;
  if (kind === 'schema' || tables !== null) return ofSchema(making, tables, [], use);
  if (target.environment.connection.engine === 'sqlite') return ofFile(making, target.environment.connection.file, use);
  const { backup, missing } = await fittingBackup(context, prepared);
  if (backup !== null) return ofBackup(making, backup, use);
  if (kind === 'data') throw new ProblemError(missing);
  return ofSchema(making, null, [`Only the schema was copied. ${missing.message} ${missing.hint}`], use);
}

type Fitting =
  | { readonly backup: Backup; readonly missing: null }
  | { readonly backup: null; readonly missing: Problem };

/** The newest whole backup, unless the database was migrated since then. */
export async function fittingBackup(context: Context, prepared: PreparedPlan): Promise<Fitting> {
  const backup = newestWhole(context, prepared.target);
  if (backup === null) return { backup, missing: noBackup(prepared) };
  const missing = await outdated(context, prepared, backup);
  return missing === null ? { backup, missing } : { backup: null, missing };
}

/** A schema of its own for the history would be another database. */
function withPlainHistoryTable(target: TargetDatabase): TargetDatabase {
  const { source } = target.environment;
  const table = tableName(source?.historyTable);
  if (source === null || table === null || target.driver.scratch.home === undefined) return target;
  return { ...target, environment: { ...target.environment, source: { ...source, historyTable: table.name } } };
}

interface Making {
  readonly context: Context;
  readonly prepared: PreparedPlan;
  readonly target: TargetDatabase;
  readonly request: CopyRequest;
}

const optionsOf = ({ request }: Making, warnings: string[]): CopyOptions => ({
  signal: request.signal,
  accept: request.accept,
  progress: (bytes, current) => request.watch.copied(bytes, current),
  warn: (message) => warnings.push(message),
});

async function ofFile<T>(making: Making, file: string, use: Use<T>): Promise<T> {
  const { context, target, request } = making;
  return withEmptyCopy(context, target, [], optionsOf(making, []), async (made) => {
    const { connection } = made;
    if (connection.engine === 'sqlite')
      await runWorker({ kind: 'copy', file, copy: connection.file }, request.signal, () => undefined);
    return use(told(made, { kind: 'data', backup: null, tables: null, limits: [] }));
  });
}

async function ofBackup<T>(making: Making, backup: Backup, use: Use<T>): Promise<T> {
  const { context, request } = making;
  const warnings: string[] = [];
  const startedAt = context.clock.elapsed();
  return withRestoredCopy(context, making.target, backup, optionsOf(making, warnings), async (made) => {
    const rows = `Its rows are those of ${backup.takenAt}, when the backup was taken.`;
    await requireSameHistory(making, made);
    if (backup.level !== 'proven' && made.content !== null) {
      request.watch.enters('prove');
      await proveRestored(context, backup, made, startedAt, request.signal);
    }
    return use(told(made, { kind: 'data', backup: backup.id, tables: null, limits: [rows, ...warnings] }));
  });
}

async function ofSchema<T>(
  making: Making,
  tables: readonly string[] | null,
  limits: readonly string[],
  use: Use<T>,
): Promise<T> {
  const { context, target } = making;
  const { driver } = target;
  const warnings: string[] = [];
  return withSession(context, target, async (from) => {
    const schema = await driver.readSnapshot(from, []);
    return withEmptyCopy(context, target, schema, optionsOf(making, warnings), async (made) => {
      const found = await fillFrom(from, made, making, tables);
      const emptiness =
        tables === null
          ? 'Its tables are empty: what depends on rows was not seen.'
          : `Only rows of ${tables.join(', ')} are in it, at most ${mostRows.subset} of each.`;
      return use(
        told(made, {
          kind: tables === null ? 'schema' : 'subset',
          backup: null,
          tables,
          limits: [...limits, emptiness, ...found, ...warnings],
        }),
      );
    });
  });
}

async function fillFrom(
  from: Session,
  { session: to }: RestoredCopy,
  { target, request }: Making,
  tables: readonly string[] | null,
): Promise<string[]> {
  const chosen = (tables ?? []).map(tableName).filter((table) => table !== null);
  const source = await readSource(target);
  const rowsOf = [
    ...toolTables(source).map((table) => ({ table, most: mostRows.tool })),
    ...(await known(chosen, from)).map((table) => ({ table, most: mostRows.subset })),
  ];
  return copySchema({ driver: target.driver, from, to, rowsOf, signal: request.signal });
}

async function known(tables: readonly TableName[], session: Session): Promise<readonly TableName[]> {
  for (const table of tables)
    if ((await session.columns(table)) === null)
      throw new ProblemError({
        code: 'rehearsal.noCopy',
        message: `There is no table “${table.name}” whose rows could be copied.`,
        state: nothingChanged,
        hint: 'Write it as the database does, with its schema where that is not the default: --tables a,schema.b',
      });
  return tables;
}

const places: Readonly<Record<RestoredCopy['isolation'], string>> = {
  file: 'a file of its own',
  login: 'the server of the database, with a login that reaches the copy only',
  provingServer: 'the proving server',
  sharedLogin: 'the server of the database, with the same account, as was accepted',
};

const told = (made: RestoredCopy, facts: Omit<RehearsalCopy, 'place'>): RehearsalCopyTarget => ({
  target: made.target,
  facts: {
    ...facts,
    place: places[made.isolation],
    limits: [...facts.limits, ...made.leftOut.map((what) => `Left out: ${what}.`)],
  },
});

function newestWhole(context: Context, { environment, driver }: TargetDatabase): Backup | null {
  const all = context.workspace.backups.list({ environment: environment.name });
  const fits = ({ covers, engine, external, problem }: Backup): boolean =>
    covers === 'everything' && engine === driver.id && external === undefined && problem === null;
  return all.find(fits) ?? null;
}

const noBackup = ({ target }: PreparedPlan): Problem => ({
  code: 'rehearsal.noCopy',
  message: `There is no whole backup of ${target.environment.name} to be restored for it.`,
  state: nothingChanged,
  hint: 'Take one with: lockkeeper backup create',
});

/** What was migrated since then is not on the copy. */
async function outdated(
  context: Context,
  { target, source }: PreparedPlan,
  { takenAt }: Backup,
): Promise<Problem | null> {
  const entries = await withSession(context, target, (session) => source.history.read(session));
  const since = (entries ?? []).some(({ appliedAt }) => appliedAt !== null && appliedAt > takenAt);
  return !since && !wasChangedSince(context, target.environment.name, takenAt)
    ? null
    : {
        code: 'rehearsal.noCopy',
        message: `The newest backup is from ${takenAt}, and the database was migrated after that.`,
        state: nothingChanged,
        hint: 'Take another with: lockkeeper backup create',
      };
}

/** By a run from here: not every tool keeps when a migration was applied. */
const wasChangedSince = ({ workspace, clock }: Context, environment: string, moment: string): boolean =>
  workspace.runs
    .latest({ environment, limit: mostRuns })
    .some(
      ({ action, finishedAt, steps }) =>
        !onlyReads(action) &&
        (finishedAt ?? new Date(clock.now()).toISOString()) > moment &&
        (steps.length === 0 || steps.some(({ outcome }) => outcome !== null && !undone.has(outcome))),
    );

const undone: ReadonlySet<StepOutcome> = new Set(['notExecuted', 'rolledBack']);

/** More than anybody starts between two backups. */
const mostRuns = 1000;

async function requireSameHistory({ prepared }: Making, { target, session }: RestoredCopy): Promise<void> {
  const source = await readSource(target);
  const entries = await source.history.read(session);
  if (historySha256(entries ?? []) === prepared.plan.historySha256) return;
  throw new ProblemError({
    code: 'rehearsal.noCopy',
    message: 'The newest backup has another history than the database.',
    state: nothingChanged,
    hint: 'Take another with: lockkeeper backup create. Or rehearse on the schema only: --schema-only',
  });
}
