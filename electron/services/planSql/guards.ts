/** What must be so when an exported plan is run: the same database, and the history that the plan was made from. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, Session, TableName } from '../../engine/ports.ts';
import type { PreparedPlan } from '../planMigration.ts';
import type { Guard } from './clientSql.ts';

/** Asks the database what its own client will be asked later, in the same words. */
export async function readGuards(session: Session, { source, target, tableExists }: PreparedPlan): Promise<Guard[]> {
  const { driver } = target;
  const sql = words[driver.id](driver.dialect);
  const identities = await Promise.all(
    sql.identity.map(async (expression) => ({ expression, value: await ask(session, expression).catch(() => null) })),
  );
  const history = source.history.table;
  const state = tableExists ? await historyState(session, driver.id, driver.dialect, history) : null;
  return [
    ...identities
      .filter(({ value }) => value !== null)
      .map(({ expression, value }) => ({
        holds: `${expression} = ${driver.dialect.quoteLiteral(value)}`,
        otherwise: 'Lockkeeper: this is another database than the plan was made for',
      })),
    {
      holds:
        state === null ? sql.isMissing(history) : `${state.expression} = ${driver.dialect.quoteLiteral(state.value)}`,
      otherwise: 'Lockkeeper: the history is not the one of the plan; was it run already?',
    },
  ];
}

async function ask(session: Session, expression: string): Promise<string | null> {
  const [row] = await session.query(`SELECT ${expression} AS value`);
  const value = row?.['value'];
  return value === undefined || value === null ? null : String(value);
}

interface EngineWords {
  /** Expressions of text by which a database is known; one that may not be asked is left out. */
  readonly identity: readonly string[];
  isMissing(table: TableName): string;
}

const words: Readonly<Record<EngineId, (dialect: Dialect) => EngineWords>> = {
  postgres: ({ quoteTable, quoteLiteral }) => ({
    identity: [
      'current_database()::text',
      '(SELECT oid::text FROM pg_catalog.pg_database WHERE datname = current_database())',
    ],
    isMissing: (table) => `to_regclass(${quoteLiteral(quoteTable(table))}) IS NULL`,
  }),
  mysql: ({ quoteLiteral }) => ({
    identity: ['DATABASE()', '@@hostname', 'CAST(@@port AS CHAR)'],
    isMissing: ({ schema, name }) =>
      `(SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ${schema === null ? 'DATABASE()' : quoteLiteral(schema)} AND table_name = ${quoteLiteral(name)}) = 0`,
  }),
  sqlite: ({ quoteLiteral }) => ({
    identity: [
      "(SELECT replace(file, rtrim(file, replace(replace(file, '\\', '/'), '/', '')), '') FROM pragma_database_list WHERE name = 'main')",
    ],
    isMissing: ({ name }) => `NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = ${quoteLiteral(name)})`,
  }),
};

/** Number and content of its rows. Moments and fractions are left out: they are written as each session likes. */
async function historyState(
  session: Session,
  engine: EngineId,
  dialect: Dialect,
  table: TableName,
): Promise<{ expression: string; value: string | null }> {
  const columns = await comparedColumns(session, engine, table);
  const expression = stateExpression(engine, dialect, table, columns);
  return { expression, value: await ask(session, expression) };
}

async function comparedColumns(session: Session, engine: EngineId, { schema, name }: TableName): Promise<string[]> {
  if (engine === 'sqlite') return (await session.columns({ schema, name })) ?? [];
  const home = engine === 'postgres' ? 'current_schema()' : 'DATABASE()';
  const rows = await session.query(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = $1 AND table_schema = ${schema === null ? home : '$2'} ORDER BY ordinal_position`,
    schema === null ? [name] : [name, schema],
  );
  return rows
    .filter((row) => !/date|time|real|double|float|json/i.test(String(row['type'])))
    .map((row) => String(row['name']));
}

function stateExpression(engine: EngineId, dialect: Dialect, table: TableName, columns: readonly string[]): string {
  const from = dialect.quoteTable(table);
  const quoted = columns.map((column) => dialect.quoteIdentifier(column));
  if (engine === 'postgres') {
    const row = quoted.map((column) => `coalesce(quote_literal(${column}::text), 'NULL')`).join(" || ',' || ");
    return `(SELECT count(*) || ':' || coalesce(sum(('x' || substr(md5(${row}), 1, 12))::bit(48)::bigint), 0) FROM ${from})`;
  }
  if (engine === 'mysql') {
    const row = quoted.map((column) => `COALESCE(HEX(CONVERT(${column} USING utf8mb4)), 'N')`).join(", ',', ");
    return `(SELECT CONCAT(COUNT(*), ':', COALESCE(SUM(CAST(CONV(SUBSTRING(MD5(CONCAT(${row})), 1, 12), 16, 10) AS UNSIGNED)), 0)) FROM ${from})`;
  }
  const row = quoted.map((column) => `quote(${column})`).join(" || ',' || ");
  return `(SELECT count(*) || ':' || coalesce(group_concat(content, ';'), '') FROM (SELECT ${row} AS content FROM ${from} ORDER BY 1))`;
}
