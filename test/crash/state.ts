// What a database holds, in a form that can be compared.
import type { Context } from '../../electron/services/context.ts';
import { openSession, resolveTarget, type TargetRequest } from '../../electron/services/target.ts';
import { describeObject } from '../../shared/model/describeSchema.ts';
import type { Target } from './workload.ts';

export interface State {
  readonly schema: readonly string[];
  /** Rows of every table as sorted lines; without those of journal and history. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
}

/** Tables whose rows tell times and runs, and columns that count attempts. */
const ours = /^lockkeeper_/;
const counting = 'seq';

const tablesOf: Readonly<Record<Target, string>> = {
  postgres: "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'",
  mysql:
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
  sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table'",
  'sqlite-wal': "SELECT name FROM sqlite_schema WHERE type = 'table'",
};

export async function readState(context: Context, request: TargetRequest, id: Target): Promise<State> {
  const target = await resolveTarget(context, request);
  const session = await openSession(context, target, true);
  try {
    const objects = await target.driver.readSnapshot(session, []);
    const names = (await session.query(tablesOf[id])).map(({ name }) => String(name)).filter((name) => !isOurs(name));
    const rows: Record<string, string[]> = {};
    for (const name of names.sort()) {
      const all = await session.query(`SELECT * FROM ${target.driver.dialect.quoteIdentifier(name)}`);
      rows[name] = all.map(({ [counting]: _, ...row }) => JSON.stringify(row)).sort();
    }
    const schema = objects.map((object) => describeObject(object).replaceAll(session.identity.database, 'DATABASE'));
    return { schema: schema.filter((line) => !/lockkeeper/.test(line)), rows };
  } finally {
    await session.close();
  }
}

const isOurs = (name: string): boolean => ours.test(name) || name.startsWith('sqlite_');

/** First differences, as lines; none when they are equal. */
export function differences(expected: State, found: State): string[] {
  const tables = new Set([...Object.keys(expected.rows), ...Object.keys(found.rows)]);
  return [
    ...compareLines('schema', expected.schema, found.schema),
    ...[...tables].flatMap((name) =>
      compareLines(`rows of ${name}`, expected.rows[name] ?? [], found.rows[name] ?? []),
    ),
  ];
}

const mostLines = 4;

function compareLines(what: string, expected: readonly string[], found: readonly string[]): string[] {
  const missing = lessThan(found, expected);
  const extra = lessThan(expected, found);
  return [
    ...missing.slice(0, mostLines).map((line) => `${what}: missing ${line}`),
    ...extra.slice(0, mostLines).map((line) => `${what}: not expected ${line}`),
  ];
}

/** Lines of `more` that `less` lacks, each as often as it is lacking. */
function lessThan(less: readonly string[], more: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of less) left.set(line, (left.get(line) ?? 0) + 1);
  return more.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
