/**
 * Tables change databases by RENAME TABLE, all of them in one statement, which both servers do wholly or not at all
 * (atomic DDL: MySQL 8, MariaDB 10.6). What cannot be renamed across is dropped and created again.
 *
 * Triggers forbid such a rename (error 1435) and must be there before the first row is written. So restored tables with
 * triggers first come into the live database under other names, get their triggers there, and then their own names:
 * within one database triggers go along. The live tables have left before, since names of constraints are unique in a
 * database: for that moment applications find no tables, rather than tables without triggers.
 */
import type { NetworkConnection } from '../../../../shared/model/environment.ts';
import { type Problem, ProblemError, raise } from '../../../../shared/problem.ts';
import { ServerFault, type Session } from '../../../engine/ports.ts';
import { liveUntouched, loadFailed, unfinished } from '../../restore/failures.ts';
import type { SwapRequest, UndoRequest } from '../../restorer.ts';
import { quoteName } from '../catalogue.ts';
import { type Definition, onTable, readDefinitions, sameDefinition, sameName } from './definitions.ts';
import { databaseExists, encodingOf, type KeptRecord, readRecord, tablesIn, writeRecord } from './keptRecord.ts';
import { create, drop, grantKey, routineGrants } from './recreate.ts';
import { awake } from './statements.ts';

type Request = SwapRequest<NetworkConnection>;

export async function swap(request: Request): Promise<void> {
  const { session, names } = request;
  try {
    const record = await putInPlace(request);
    await request.note(`removing the emptied database ${names.restored}`);
    await dropEmptied(session, names.restored);
    await completeAside(request, names.kept, record.definitions);
  } catch (error) {
    if (error instanceof ServerFault && error.kind === 'connectionLost')
      throw new ProblemError(unfinished(error, names.live), { cause: error });
    await takeBack(request);
    throw loadFailed(error, null, names.live);
  }
  await session.close();
}

/** The live database is what it was, or it takes a person to see to it. */
async function takeBack(request: Request): Promise<void> {
  try {
    await undo({ ...request, stage: 'swapping', begins: async () => undefined });
  } catch (error) {
    throw error instanceof ServerFault
      ? new ProblemError(unfinished(error, request.names.live), { cause: error })
      : error;
  }
}

async function putInPlace(request: Request): Promise<KeptRecord> {
  const { session, names, dialect } = request;
  const restored = await using(request, names.restored, readDefinitions);
  const record: KeptRecord = {
    oldTables: await tablesIn(session, names.live),
    newTables: await tablesIn(session, names.restored),
    definitions: await readDefinitions(session),
  };
  const coming = restored.map((one) => (one.kind === 'event' ? { ...one, sql: awake(one.sql) } : one));
  await request.note(`creating ${names.kept}`);
  await writeRecord(session, names.kept, record);
  await request.note(`dropping triggers, views and events of ${names.live}`);
  await drop(
    session,
    record.definitions.filter(({ kind }) => kind !== 'routine'),
  );
  await using(request, names.restored, (fresh) =>
    drop(
      fresh,
      restored.filter(({ kind }) => kind === 'trigger'),
    ),
  );
  await moveTables(
    request,
    record,
    coming.filter(({ kind }) => kind === 'trigger'),
  );
  await request.note(`creating views, routines and events in ${names.live}`);
  await replaceRoutines(session, request, coming);
  await create(
    session,
    coming.filter(({ kind }) => kind === 'view' || kind === 'event'),
    dialect,
  );
  return record;
}

/** Tables with triggers wait under these names. */
const staged = (index: number): string => `lockkeeper_restoring_${index}`;

async function moveTables(request: Request, record: KeptRecord, triggers: readonly Definition[]): Promise<void> {
  const { session, names, dialect } = request;
  const { live, restored, kept } = names;
  const leaving = record.oldTables.map((table): Move => [live, table, kept, table]);
  const arriving = record.newTables.map((table): Move => [restored, table, live, table]);
  const waiting = new Map(
    record.newTables.flatMap((table, index) =>
      triggers.some((one) => one.table === table) ? [[table, staged(index)]] : [],
    ),
  );
  if (waiting.size === 0) {
    await request.note('renaming all tables');
    return rename(session, [...leaving, ...arriving]);
  }
  await request.note(`renaming the tables of ${live} to ${kept}`);
  await rename(session, leaving);
  await request.note(`creating triggers in ${live}`);
  await rename(
    session,
    [...waiting].map(([table, name]): Move => [restored, table, live, name]),
  );
  await create(
    session,
    triggers.map((one) => onTable(one, waiting.get(one.table ?? '') ?? '')),
    dialect,
  );
  await request.note(`renaming the restored tables to ${live}`);
  await rename(
    session,
    arriving.map(([from, table, to, name]): Move => {
      const place = waiting.get(table);
      return place === undefined ? [from, table, to, name] : [live, place, to, name];
    }),
  );
}

type Move = readonly [fromDatabase: string, table: string, toDatabase: string, name: string];

async function rename(session: Session, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return;
  // Else references between tables would keep the names of before.
  await session.query('SET SESSION foreign_key_checks = 1');
  const pairs = moves.map(
    ([from, table, to, name]) => `${quoteName(from)}.${quoteName(table)} TO ${quoteName(to)}.${quoteName(name)}`,
  );
  await session.query(`RENAME TABLE ${pairs.join(', ')}`);
}

/** Routines that are the same stay, and with them the rights on them; those that differ get their rights again. */
async function replaceRoutines(session: Session, { dialect }: Request, wanted: readonly Definition[]): Promise<void> {
  const routines = wanted.filter(({ kind }) => kind === 'routine');
  const present = (await readDefinitions(session)).filter(({ kind }) => kind === 'routine');
  const gone = present.filter((one) => !routines.some((other) => sameDefinition(one, other)));
  const missing = routines.filter((one) => !present.some((other) => sameDefinition(one, other)));
  const grants = await routineGrants(session);
  await drop(session, gone);
  await create(session, missing, dialect);
  const replaced = missing.filter((one) => gone.some((other) => sameName(one, other)));
  for (const { type, name } of replaced)
    for (const grant of grants?.get(grantKey(type, name)) ?? []) await session.query(grant);
}

/** Whoever looks into a database kept aside finds it complete; its events do not run. */
async function completeAside(request: Request, database: string, definitions: readonly Definition[]): Promise<void> {
  try {
    await using(request, database, (session) =>
      create(
        session,
        definitions.filter(({ kind }) => kind !== 'event'),
        request.dialect,
      ),
    );
  } catch (error) {
    if (!(error instanceof ServerFault)) throw error;
    // For a look only: the tables are there, and undoing does not need the rest of it.
    await request.note(`views and stored programs of ${database} could not be created there: ${error.message}`);
  }
}

/** A restored database beside the live one is ours to remove, as long as no table is in it. */
async function dropEmptied(session: Session, database: string): Promise<void> {
  const left = await tablesIn(session, database);
  if (left.length > 0) throw new Error(`Tables are left in ${database}: ${left.join(', ')}`);
  await session.query(`DROP DATABASE IF EXISTS ${quoteName(database)}`);
}

/** Leaves `request.session` open where nothing was moved. */
export async function undo(request: UndoRequest<NetworkConnection>): Promise<'undone' | 'removed'> {
  const { session, names, stage } = request;
  const record = await readRecord(session, names.kept);
  if (record === null) {
    if (stage === 'undoing') return 'undone';
    if (stage === 'swapped') raise(notUndoable(names.kept));
    await removeRestored(request);
    await dropKept(session, names.kept);
    return 'removed';
  }
  const moved = (await tablesIn(session, names.kept)).length > 0 || record.oldTables.length === 0;
  if (moved) {
    await request.begins();
    await moveBack(request, record);
  } else await restoreDefinitions(request, record.definitions);
  await dropKept(session, names.kept);
  if (moved || stage === 'undoing') return 'undone';
  await removeRestored(request);
  return 'removed';
}

async function moveBack(request: Request, record: KeptRecord): Promise<void> {
  const { session, names } = request;
  const { live, restored, kept } = names;
  const current = await readDefinitions(session);
  const here = await tablesIn(session, live);
  if (!(await databaseExists(session, restored)))
    await session.query(`CREATE DATABASE ${quoteName(restored)} ${await encodingOf(session)}`);
  await using(request, kept, async (old) =>
    drop(
      old,
      (await readDefinitions(old)).filter(({ kind }) => kind === 'trigger'),
    ),
  );
  await drop(
    session,
    current.filter(({ kind }) => kind !== 'routine'),
  );
  const original = new Map(record.newTables.map((table, index) => [staged(index), table]));
  await request.note(`renaming the tables of ${kept} back to ${live}`);
  await rename(session, [
    ...here.map((table): Move => [live, table, restored, original.get(table) ?? table]),
    ...(await tablesIn(session, kept)).map((table): Move => [kept, table, live, table]),
  ]);
  await request.note(`creating triggers, views and events of ${live} again`);
  await restoreDefinitions(request, record.definitions);
  await completeAside(request, restored, current);
}

/** Brings the live database's views, triggers, routines and events to what they were; those that are the same stay. */
async function restoreDefinitions(request: Request, wanted: readonly Definition[]): Promise<void> {
  const { session, dialect } = request;
  const present = (await readDefinitions(session)).filter(({ kind }) => kind !== 'routine');
  const programs = wanted.filter(({ kind }) => kind !== 'routine');
  await drop(
    session,
    present.filter((one) => !programs.some((other) => sameDefinition(one, other))),
  );
  await replaceRoutines(session, request, wanted);
  await create(
    session,
    programs.filter((one) => !present.some((other) => sameDefinition(one, other))),
    dialect,
  );
}

/** Only what this restore made: the record tells that the kept database is its own. */
async function dropKept(session: Session, kept: string): Promise<void> {
  if (!(await databaseExists(session, kept))) return;
  await dropEmptied(session, kept);
}

export async function removeRestored({ session, names }: Request): Promise<void> {
  await session.query(`DROP DATABASE IF EXISTS ${quoteName(names.restored)}`);
}

async function using<T>({ open }: Request, database: string, use: (session: Session) => Promise<T>): Promise<T> {
  const session = await open(database);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

const notUndoable = (kept: string): Problem => ({
  code: 'restore.notUndoable',
  message: `The restore cannot be undone: ${kept} is not there any more, or without the record of the restore.`,
  state: liveUntouched('The live database'),
  hint: 'Restore a backup of the state you want.',
});
