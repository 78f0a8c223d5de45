/** What sqitch's registry tells of a project's changes, and what is written of each (App::Sqitch::Role::DBIEngine). */
import { dirname, isAbsolute, join, parse } from 'node:path';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Dialect, HistoryTable, Row, Session, TableName } from '../../engine/ports.ts';
import { plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';
import { releaseAdvisoryLock, releaseNamedLock, tryAdvisoryLock, tryNamedLock } from '../common/toolLocks.ts';
import { createRegistry, registryTables } from './registry.ts';
import { registryWriter } from './registryWriter.ts';

export const columns = ['change_id', 'script_hash', 'change', 'project', 'committed_at', 'planned_at'] as const;

export function sqitchHistory(
  engine: EngineId,
  dialect: Dialect,
  given: TableName | null,
  migrations?: readonly Migration[],
): HistoryTable {
  const table = given ?? { schema: 'sqitch', name: 'changes' };
  const tables = registryTables(table);
  const project = migrations?.[0]?.recorded?.['project'] ?? null;
  const known = migrations === undefined ? null : new Set(migrations.map(({ historyKey }) => historyKey));
  const write = registryWriter(engine, dialect, tables);
  const { changes, tags, dependencies, projects, releases, events } = tables;
  const question = (from: TableName, more: string, where: string) =>
    `SELECT change_id, ${dialect.quoteIdentifier('change')} AS name, committer_name, ${timeText(engine)} AS applied_at, ${more} FROM ${dialect.quoteTable(from)} AS rows_of_it WHERE ${project === null ? '1 = 1' : `project = ${dialect.quoteLiteral(project)}`}${where} ORDER BY committed_at`;
  return {
    table: changes,
    beside: [releases, projects, tags, dependencies, events],
    async read(session) {
      if (!(await isReachable(session, engine, table))) return null;
      const applied = await readRows(session, table, columns, question(changes, 'script_hash', ''));
      if (applied === null) return null;
      const gone = ` AND NOT EXISTS (SELECT 1 FROM ${dialect.quoteTable(changes)} AS c WHERE c.change_id = rows_of_it.change_id)`;
      const told = (await session.columns(events)) === null ? [] : await session.query(question(events, 'event', gone));
      return [...applied.map(appliedEntry), ...lastWords(told, known)];
    },
    create: () => createRegistry(engine, dialect, tables),
    applied: write.deployed,
    reverted: write.reverted,
    failed: write.failed,
    repairs: {
      updateChecksum: write.hashed,
      markApplied: write.deployed,
      markReverted: write.reverted,
      removeFailed: write.failureRemoved,
    },
    ...toolLock(engine),
  };
}

/** Its times are without a zone on MySQL, and meant in UTC. */
const timeText = (engine: EngineId): string =>
  engine === 'mysql'
    ? "CONCAT(LEFT(DATE_FORMAT(committed_at, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')"
    : utcText(engine, 'committed_at');

const entryOf = (row: Row): HistoryEntry => ({
  ...plainEntry(textOf(row.change_id) ?? ''),
  version: textOf(row.name),
  appliedAt: textOf(row.applied_at),
  appliedBy: textOf(row.committer_name),
});

const appliedEntry = (row: Row): HistoryEntry => ({ ...entryOf(row), checksum: textOf(row.script_hash) });

/** Of what is not deployed; plans that were rewritten leave events of changes that are in no plan any more. */
function lastWords(rows: readonly Row[], known: ReadonlySet<string> | null): HistoryEntry[] {
  const last = new Map<string, HistoryEntry>();
  for (const row of rows) {
    const event = textOf(row.event);
    const entry = entryOf(row);
    if (known !== null && !known.has(entry.historyKey)) continue;
    last.delete(entry.historyKey);
    if (event === 'fail') last.set(entry.historyKey, { ...entry, state: 'failed' });
    else if (event === 'revert') last.set(entry.historyKey, { ...entry, state: 'reverted' });
  }
  return [...last.values()];
}

/** On SQLite the registry is a file beside the database, with its extension (App::Sqitch::Engine::sqlite, registry_uri). */
async function isReachable(session: Session, engine: EngineId, { schema }: TableName): Promise<boolean> {
  if (engine !== 'sqlite' || schema === null || schema === 'main') return true;
  const [row] = await session.query("SELECT file FROM pragma_database_list WHERE name = 'main'");
  const file = textOf(row?.file) ?? '';
  const extension = parse(schema).ext !== '' ? '' : extensionOf(parse(file).base);
  const path = isAbsolute(schema) ? schema : join(dirname(file), `${schema}${extension}`);
  return (await session.attach?.(path, schema)) === true;
}

/** Everything from the first dot. */
const extensionOf = (name: string): string => (name.includes('.') ? name.slice(name.indexOf('.')) : '');

const lockKey = 75474063n;

function toolLock(engine: EngineId): Pick<HistoryTable, 'tryToolLock' | 'releaseToolLock'> {
  const name = ({ identity }: Session) => `sqitch working on ${identity.database}`;
  switch (engine) {
    case 'postgres':
      return {
        tryToolLock: (session) => tryAdvisoryLock(session, lockKey),
        releaseToolLock: (session) => releaseAdvisoryLock(session, lockKey),
      };
    case 'mysql':
      return {
        tryToolLock: (session) => tryNamedLock(session, name(session)),
        releaseToolLock: (session) => releaseNamedLock(session, name(session)),
      };
    case 'sqlite':
      return {};
  }
}
