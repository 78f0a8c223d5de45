/** What is measured: migration folders in dbmate's format, which Lockkeeper and dbmate both read. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

export type WorkloadId = 'small' | 'latency' | 'nothing' | 'inserts' | 'large';

export interface Workload {
  readonly id: WorkloadId;
  readonly title: string;
  /** Migrations in the folder. */
  readonly migrations: number;
  /** All of them are applied before the clock starts. */
  readonly appliedBefore: boolean;
  /** Milliseconds that a round trip takes longer than on loopback; 0: no proxy between. */
  readonly latencyMs: number;
  /** SQL run in the empty database before the clock starts. */
  readonly setup: string | null;
  /** Rounds at most: some take long, and memory does not vary. */
  readonly maxRounds: number;
  write(folder: string): Promise<void>;
}

const table = 'CREATE TABLE reading (id integer PRIMARY KEY, name varchar(100) NOT NULL, note varchar(400) NOT NULL)';

export async function writeSmall(folder: string, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) await writeMigration(folder, number, smallScript(number));
}

const small = (count: number) => (folder: string) => writeSmall(folder, count);

export const workloads: readonly Workload[] = [
  {
    id: 'small',
    title: '1,000 small migrations (table, index, insert), from empty',
    migrations: 1000,
    appliedBefore: false,
    latencyMs: 0,
    setup: null,
    maxRounds: Number.POSITIVE_INFINITY,
    write: small(1000),
  },
  {
    id: 'latency',
    title: '20 small migrations with 20 ms of latency',
    migrations: 20,
    appliedBefore: false,
    latencyMs: 20,
    setup: null,
    maxRounds: Number.POSITIVE_INFINITY,
    write: small(20),
  },
  {
    id: 'nothing',
    title: 'Nothing pending, 1,000 applied',
    migrations: 1000,
    appliedBefore: true,
    latencyMs: 0,
    setup: null,
    maxRounds: Number.POSITIVE_INFINITY,
    write: small(1000),
  },
  {
    id: 'inserts',
    title: 'One migration of 20,000 INSERTs (5 MB)',
    migrations: 1,
    appliedBefore: false,
    latencyMs: 0,
    setup: table,
    maxRounds: Number.POSITIVE_INFINITY,
    write: (folder) => writeInserts(folder, 20_000),
  },
  {
    id: 'large',
    title: 'One migration of 400,000 INSERTs (100 MB)',
    migrations: 1,
    appliedBefore: false,
    latencyMs: 0,
    setup: table,
    maxRounds: 1,
    write: (folder) => writeInserts(folder, 400_000),
  },
];

const smallScript = (number: number): string =>
  [
    `CREATE TABLE item_${number} (id integer PRIMARY KEY, name varchar(100) NOT NULL, price numeric(10,2) NOT NULL);`,
    `CREATE INDEX item_${number}_name ON item_${number} (name);`,
    `INSERT INTO item_${number} (id, name, price) VALUES (1, 'first', 9.90);`,
    '',
  ].join('\n');

const begin = '-- migrate:up\n';
const end = '\n-- migrate:down\n';

const fileOf = (number: number): string => `${20_260_101_000_000 + number}_step.sql`;

async function writeMigration(folder: string, number: number, up: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, fileOf(number)), `${begin}${up}${end}`);
}

/** About 250 bytes each. */
async function writeInserts(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = createWriteStream(join(folder, fileOf(1)));
  file.write(begin);
  const note = 'a reading as it came from the device '.repeat(5);
  for (let number = 1; number <= count; number += 1) {
    const line = `INSERT INTO reading (id, name, note) VALUES (${number}, 'reading ${number}', '${note}');\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end(end);
  await finished(file);
}
