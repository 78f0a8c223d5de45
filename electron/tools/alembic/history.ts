/** Alembic's table: the heads alone, of which everything before is applied (alembic/runtime/migration.py). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { insertInto, plainEntry, readRows, textOf } from '../common/historyRows.ts';
import { type Node, withAncestors } from '../python/order.ts';

export const columns = ['version_num'] as const;

const listIn = ({ recorded }: Migration, name: string): string[] => {
  const parsed: unknown = JSON.parse(recorded?.[name] ?? '[]');
  return Array.isArray(parsed) ? parsed.map(String) : [];
};

const nodesOf = (migrations: readonly Migration[]): Node[] =>
  migrations.map((migration) => ({ key: migration.historyKey, after: listIn(migration, 'after') }));

export function alembicHistory(
  _engine: EngineId,
  dialect: Dialect,
  given: TableName | null,
  migrations: readonly Migration[] = [],
): HistoryTable {
  const table = given ?? { schema: null, name: 'alembic_version' };
  const quoted = dialect.quoteTable(table);
  const nodes = nodesOf(migrations);
  const list = (keys: readonly string[]) => keys.map((key) => dialect.quoteLiteral(key)).join(', ');
  const remove = (keys: readonly string[]) => `DELETE FROM ${quoted} WHERE version_num IN (${list(keys)})`;
  const applied = ({ step }: HistoryWrite) => [
    remove([step.historyKey, ...listIn(step.migration, 'after')]),
    insertInto(dialect, table, { version_num: dialect.quoteLiteral(step.historyKey) }),
  ];
  const reverted = ({ step }: HistoryWrite) => [
    remove([step.historyKey]),
    ...listIn(step.migration, 'after').map((parent) => {
      const standing = nodes.filter(({ key }) => key !== step.historyKey && withAncestors([key], nodes).has(parent));
      const implied = list([parent, ...standing.map(({ key }) => key)]);
      return `INSERT INTO ${quoted} (version_num) SELECT ${dialect.quoteLiteral(parent)} FROM (SELECT 1 AS one) AS one_row WHERE NOT EXISTS (SELECT 1 FROM ${quoted} WHERE version_num IN (${implied}))`;
    }),
  ];
  return {
    table,
    async read(session) {
      const rows = await readRows(session, table, columns, `SELECT version_num FROM ${quoted} ORDER BY version_num`);
      return (
        rows?.map((row) => ({ ...plainEntry(textOf(row.version_num) ?? ''), version: textOf(row.version_num) })) ?? null
      );
    },
    create: () => [
      `CREATE TABLE IF NOT EXISTS ${quoted} (version_num VARCHAR(32) NOT NULL, CONSTRAINT ${dialect.quoteIdentifier(`${table.name}_pkc`)} PRIMARY KEY (version_num))`,
    ],
    applied,
    reverted,
    meaning: (entries) => interpret(entries, migrations),
    repairs: { markApplied: applied, markReverted: reverted },
  };
}

export function interpret(entries: readonly HistoryEntry[], migrations: readonly Migration[]): HistoryEntry[] {
  const heads = entries.map(({ historyKey }) => historyKey);
  const nodes = nodesOf(migrations);
  const applied = withAncestors(heads, nodes);
  const known = migrations.filter(({ historyKey }) => applied.has(historyKey));
  const keys = new Set(known.map(({ historyKey }) => historyKey));
  return [
    ...known.map(({ historyKey, version }) => ({ ...plainEntry(historyKey), version })),
    ...entries.filter(({ historyKey }) => !keys.has(historyKey)),
  ];
}
