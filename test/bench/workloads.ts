/** What is measured: migrations as statements, which every program gets in its own format, and the same as dbmate's files. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { BenchDatabase, BenchEngine, Engine } from './engines.ts';

export type WorkloadId = 'apply' | 'latency' | 'nothing' | 'inserts' | 'large' | 'huge';

export interface Workload {
  readonly id: WorkloadId;
  readonly title: string;
  readonly migrations: number;
  /** All of them are applied before the clock starts. */
  readonly appliedBefore: boolean;
  /** Milliseconds that a round trip takes longer than on loopback; 0: no proxy between. */
  readonly latencyMs: number;
  /** SQL run in the empty database before the clock starts. */
  readonly setup: string | null;
  /** Rounds at most: some take long, and memory does not vary. */
  readonly maxRounds: number;
  /** Whose way it is not to be handed a script of this size, is not asked to. */
  readonly contenders: 'all' | 'limits and clients' | 'limits';
  /** Measured only when it is named: it takes long, and gigabytes of the disk. */
  readonly onlyNamed: boolean;
  /** What its goal says, as the median may be at most. */
  readonly goal: Goal;
  /** Of the migration of this number, 1 the first; none ends with a semicolon. */
  statements(number: number): Iterable<string>;
  /** A question that answers `expected` when all was really done, whoever did it. */
  readonly proof: (engine: Engine) => { readonly sql: string; readonly expected: number };
}

export interface Goal {
  /** Times the limit with the same durable writes. */
  readonly timesLimit?: number;
  readonly roundTrips?: number;
  readonly peakMb?: number;
}

/** One migration for a program that is no reader of dbmate's files. */
export interface BenchMigration {
  readonly number: number;
  /** 14 digits that look like a point in time. */
  readonly version: string;
  readonly statements: readonly string[];
  readonly sql: string;
}

const small = (migrations: number) => ({
  migrations,
  setup: null,
  contenders: 'all' as const,
  onlyNamed: false,
  maxRounds: Number.POSITIVE_INFINITY,
  statements: smallScript,
  proof: tablesAndLastRow(migrations),
});

const inserts = (count: number) => ({
  migrations: 1,
  appliedBefore: false,
  latencyMs: 0,
  setup: 'CREATE TABLE reading (id integer PRIMARY KEY, name varchar(100) NOT NULL, note varchar(400) NOT NULL)',
  statements: () => insertStatements(count),
  proof: () => ({ sql: 'SELECT count(*) AS count FROM reading', expected: count }),
});

/** @param migrations as many as the figures ask for where it is null; fewer only to try something */
export function workloadsOf(migrations: number | null): readonly Workload[] {
  const many = migrations ?? 1000;
  const few = migrations ?? 20;
  const grouped = many.toLocaleString('en-US');
  return [
    {
      ...small(many),
      id: 'apply',
      title: `${grouped} small migrations (table, index, insert), from empty`,
      appliedBefore: false,
      latencyMs: 0,
      goal: { timesLimit: 1.1 },
    },
    {
      ...small(few),
      id: 'latency',
      title: `${few} small migrations with 20 ms of latency`,
      appliedBefore: false,
      latencyMs: 20,
      goal: { roundTrips: few + 6 },
    },
    {
      ...small(many),
      id: 'nothing',
      title: `Nothing pending, ${grouped} applied`,
      appliedBefore: true,
      latencyMs: 0,
      goal: { timesLimit: 1.25 },
    },
    {
      ...inserts(20 * many),
      id: 'inserts',
      title: `One migration of ${(20 * many).toLocaleString('en-US')} INSERTs (5 MB)`,
      contenders: 'all',
      onlyNamed: false,
      maxRounds: Number.POSITIVE_INFINITY,
      goal: { timesLimit: 1.15 },
    },
    {
      ...inserts(400 * many),
      id: 'large',
      title: `One migration of ${(400 * many).toLocaleString('en-US')} INSERTs (100 MB)`,
      contenders: 'limits and clients',
      onlyNamed: false,
      maxRounds: 3,
      goal: { timesLimit: 1.15, peakMb: 200 },
    },
    {
      ...inserts(4000 * many),
      id: 'huge',
      title: `One migration of ${(4000 * many).toLocaleString('en-US')} INSERTs (1 GB)`,
      contenders: 'limits',
      onlyNamed: true,
      maxRounds: 1,
      goal: { timesLimit: 1.15, peakMb: 200 },
    },
  ];
}

function smallScript(number: number): readonly string[] {
  return [
    `CREATE TABLE item_${number} (id integer PRIMARY KEY, name varchar(100) NOT NULL, price numeric(10,2) NOT NULL)`,
    `CREATE INDEX item_${number}_name ON item_${number} (name)`,
    `INSERT INTO item_${number} (id, name, price) VALUES (1, 'first', 9.90)`,
  ];
}

const note = 'a reading as it came from the device '.repeat(5);

/** About 250 bytes each. */
function* insertStatements(count: number): Generator<string> {
  for (let number = 1; number <= count; number += 1)
    yield `INSERT INTO reading (id, name, note) VALUES (${number}, 'reading ${number}', '${note}')`;
}

const listedTables: Readonly<Record<Engine, string>> = {
  postgres: "information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'item%'",
  mariadb: "information_schema.tables WHERE table_schema = database() AND table_name LIKE 'item%'",
  sqlite: "sqlite_schema WHERE type = 'table' AND name LIKE 'item%'",
};

const tablesAndLastRow = (count: number) => (engine: Engine) => ({
  sql: `SELECT (SELECT count(*) FROM ${listedTables[engine]}) + (SELECT count(*) FROM item_${count}) AS count`,
  expected: count + 1,
});

/** @throws when it is not so: a fast program that did nothing is none. */
export async function requireDone(workload: Workload, engine: BenchEngine, database: BenchDatabase): Promise<void> {
  const { sql, expected } = workload.proof(engine.id);
  const [row] = await database.query(sql);
  const found = Number(row?.['count']);
  if (found !== expected) throw new Error(`${found} of ${expected} were there afterwards`);
}

const versionOf = (number: number): string => String(20_260_101_000_000 + number);

export function migrationsOf(workload: Pick<Workload, 'migrations' | 'statements'>): readonly BenchMigration[] {
  return Array.from({ length: workload.migrations }, (_, index) => {
    const number = index + 1;
    const statements = [...workload.statements(number)];
    return { number, version: versionOf(number), statements, sql: `${statements.join(';\n')};\n` };
  });
}

/** As dbmate's files, which Lockkeeper and the limit read, too. */
export async function writeDbmate(
  workload: Pick<Workload, 'migrations' | 'statements'>,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let number = 1; number <= workload.migrations; number += 1) {
    const file = createWriteStream(join(folder, `${versionOf(number)}_step.sql`));
    file.write('-- migrate:up\n');
    for (const statement of workload.statements(number)) if (!file.write(`${statement};\n`)) await once(file, 'drain');
    file.end('\n-- migrate:down\n');
    await finished(file);
  }
}

/** Of a fleet's members. */
export const writeSmall = (folder: string, count: number): Promise<void> =>
  writeDbmate({ migrations: count, statements: smallScript }, folder);

/** All of them as one script, each a transaction with its history row, for a client that knows nothing of migrations. */
export async function writeScript(workload: Workload, script: string): Promise<void> {
  const file = createWriteStream(script);
  file.write('CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY);\n');
  for (let number = 1; number <= workload.migrations; number += 1) {
    file.write('BEGIN;\n');
    for (const statement of workload.statements(number)) if (!file.write(`${statement};\n`)) await once(file, 'drain');
    file.write(`INSERT INTO schema_migrations (version) VALUES ('${versionOf(number)}');\nCOMMIT;\n`);
  }
  file.end();
  await finished(file);
}
