/** golang-migrate's history table: one row, the current version, and whether an attempt at it did not end well. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Step } from '../../../shared/model/plan.ts';
import { raise } from '../../../shared/problem.ts';
import type { Dialect, HistoryTable, HistoryWrite, Session, TableName } from '../../engine/ports.ts';
import { insertInto, plainEntry, readRows, textOf, truthOf } from '../common/historyRows.ts';
import { releaseAdvisoryLocks, releaseNamedLock, tryAdvisoryLocks, tryNamedLock } from '../common/toolLocks.ts';
import { compareNumbers } from '../common/versions.ts';
import { currentPlaces, mysqlName, postgresKeys } from './locks.ts';

export const columns = ['version', 'dirty'] as const;

/** database.NilVersion: written with `dirty` when rolling back the first migration failed. */
const noVersion = '-1';

export function golangMigrateHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: 'schema_migrations' };
  const quoted = dialect.quoteTable(table);
  const set = (version: string | null, dirty: boolean): string[] => [
    `DELETE FROM ${quoted}`,
    ...(version === null && !dirty
      ? []
      : [insertInto(dialect, table, { version: versionLiteral(version ?? noVersion), dirty: truth(engine, dirty) })]),
  ];
  const clean = ({ step }: HistoryWrite) => set(step.historyKey, false);
  const before = ({ step }: HistoryWrite) => set(step.migration.previousKey ?? null, false);
  // One version more or less, where the position is next to it: any other would mean more migrations than the one named.
  const move = (from: string, to: string) =>
    `UPDATE ${quoted} SET version = ${versionLiteral(to)}, dirty = ${truth(engine, false)} WHERE version IN (${from})`;
  const forward = ({ step }: HistoryWrite) => {
    const [key, previous] = [step.historyKey, requirePrevious(step)];
    const values = `${versionLiteral(key)}, ${truth(engine, false)}`;
    return [
      move(`${versionLiteral(key)}, ${versionLiteral(previous ?? noVersion)}`, key),
      ...(previous === null
        ? [
            `INSERT INTO ${quoted} (version, dirty) SELECT ${values} FROM (SELECT 1 AS one) AS one_row WHERE NOT EXISTS (SELECT 1 FROM ${quoted})`,
          ]
        : []),
    ];
  };
  const backward = ({ step }: HistoryWrite) => {
    const [key, previous] = [versionLiteral(step.historyKey), requirePrevious(step)];
    return previous === null
      ? [`DELETE FROM ${quoted} WHERE version IN (${key}, ${noVersion})`]
      : [move(key, previous)];
  };
  const target = ({ step }: HistoryWrite) =>
    step.action === 'apply' ? step.historyKey : (step.migration.previousKey ?? null);
  return {
    table,
    async read(session) {
      const rows = await readRows(session, table, columns, `SELECT version, dirty FROM ${quoted}`);
      return (
        rows?.map((row) => {
          const version = textOf(row['version']) ?? '';
          return { ...plainEntry(version), version, state: truthOf(row['dirty']) ? 'executing' : 'applied' };
        }) ?? null
      );
    },
    create: () => tableDefinition(engine, dialect, table),
    started: (write) => set(target(write), true),
    applied: clean,
    reverted: before,
    repairs: { force: clean, markApplied: forward, markReverted: backward, removeFailed: backward },
    ...toolLock(engine, table),
  };
}

/** @throws {ProblemError} `repair.unsupported` of a version that has no file: what was before it is not known */
function requirePrevious({ version, migration }: Step): string | null {
  const { previousKey } = migration;
  if (previousKey !== undefined) return previousKey;
  return raise({
    code: 'repair.unsupported',
    message: `Version ${version} has no file, so it is not known which version comes before it.`,
    hint: 'Set the version that the database really has: lockkeeper repair --force V',
  });
}

/** Only digits reach the column: they came from a file's name. */
const versionLiteral = (version: string): string => (/^-?\d+$/.test(version) ? version : noVersion);

const truth = (engine: EngineId, value: boolean): string =>
  engine === 'sqlite' ? String(Number(value)) : String(value).toUpperCase();

function tableDefinition(engine: EngineId, dialect: Dialect, table: TableName): string[] {
  const quoted = dialect.quoteTable(table);
  if (engine !== 'sqlite')
    return [`CREATE TABLE IF NOT EXISTS ${quoted} (version bigint not null primary key, dirty boolean not null)`];
  const index = dialect.quoteTable({ schema: table.schema, name: 'version_unique' });
  return [
    `CREATE TABLE IF NOT EXISTS ${quoted} (version uint64,dirty bool)`,
    `CREATE UNIQUE INDEX IF NOT EXISTS ${index} ON ${dialect.quoteIdentifier(table.name)} (version)`,
  ];
}

function toolLock(engine: EngineId, table: TableName): Pick<HistoryTable, 'tryToolLock' | 'releaseToolLock'> {
  if (engine === 'sqlite') return {};
  if (engine === 'mysql') {
    const name = (session: Session) => mysqlName(session.identity.database, table.name);
    return {
      tryToolLock: (session) => tryNamedLock(session, name(session)),
      releaseToolLock: (session) => releaseNamedLock(session, name(session)),
    };
  }
  const keys = async (session: Session) => {
    const { database, schema } = await currentPlaces(session);
    return postgresKeys(database, table.schema ?? schema, table.name);
  };
  return {
    tryToolLock: async (session) => tryAdvisoryLocks(session, await keys(session)),
    releaseToolLock: async (session) => releaseAdvisoryLocks(session, await keys(session)),
  };
}

/**
 * The one row means that it and everything before it is applied. A dirty one was being applied, or the one after it was
 * being rolled back: of both the table cannot tell which.
 */
export function interpret(entries: readonly HistoryEntry[], migrations: readonly Migration[]): HistoryEntry[] {
  const [entry] = entries;
  if (entry === undefined) return [];
  const version = entry.historyKey;
  if (version === noVersion) {
    const [first] = migrations;
    return first === undefined ? [] : [{ ...entry, historyKey: first.historyKey, version: first.version }];
  }
  const passed = migrations.filter(({ historyKey }) => compareNumbers(historyKey, version) < 0);
  return [...passed.map((migration) => ({ ...plainEntry(migration.historyKey), version: migration.version })), entry];
}
