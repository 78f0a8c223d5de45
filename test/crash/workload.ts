// What is migrated while it is killed: a database with rows, and migrations of every kind over it. Each migration writes
// a marker row, so that one applied twice, or not at all, shows.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MixEngine, type MixForm, statementMix } from './statementMix.ts';

export type Kind = 'transactional' | 'nonTransactional' | 'concurrent' | 'backfill' | 'rebuild';

export interface Form {
  readonly kind: Kind;
  /** Words that only its statement has, up and down. */
  readonly key: string;
  readonly downKey: string;
  readonly up: string;
  readonly down: string;
}

export interface Workload {
  readonly id: string;
  /** Statements that fill a new database; `{db}` is its name. */
  readonly setup: readonly string[];
  /** Statements that take away what is outside of the database; `null`: there is nothing. */
  readonly teardown: readonly string[] | null;
  readonly forms: readonly Form[];
}

export type Target = 'postgres' | 'mysql' | 'sqlite' | 'sqlite-wal';

const rows = 40;

/** `numbers`: a table with one column `i` of 1 to `rows`. */
const tables = (identity: string, numbers: string): string[] => [
  `CREATE TABLE crash_marker (seq ${identity}, version varchar(40) NOT NULL)`,
  'CREATE TABLE ward (id integer NOT NULL PRIMARY KEY, name varchar(40) NOT NULL)',
  `CREATE TABLE patient (id integer NOT NULL PRIMARY KEY, ward integer NOT NULL, name varchar(80) NOT NULL,
    filled integer, FOREIGN KEY (ward) REFERENCES ward (id) ON DELETE CASCADE)`,
  `INSERT INTO ward (id, name) SELECT i, 'ward' FROM ${numbers}`,
  `INSERT INTO patient (id, ward, name) SELECT i, 1 + i % 20, 'a name' FROM ${numbers}`,
];

const recursive = `(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i FROM n) AS numbers`;
const sqliteTables = tables('integer PRIMARY KEY AUTOINCREMENT', recursive);

const setups: Readonly<Record<Target, readonly string[]>> = {
  postgres: tables('bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY', `generate_series(1, ${rows}) i`),
  mysql: tables('bigint AUTO_INCREMENT PRIMARY KEY', recursive),
  sqlite: sqliteTables,
  'sqlite-wal': sqliteTables,
};

const backfill: Form = {
  kind: 'backfill',
  key: 'UPDATE patient SET filled = coalesce',
  downKey: 'SET filled = NULL',
  up: `-- lockkeeper:no-transaction
-- lockkeeper:batch size=10
UPDATE patient SET filled = coalesce(filled, 0) + 1
WHERE id IN (SELECT id FROM (SELECT id FROM patient WHERE filled IS NULL LIMIT \${batchSize}) AS chosen);`,
  down: 'UPDATE patient SET filled = NULL;',
};

const firstLine = (text: string): string => text.split(/[;\n]/)[0] ?? text;
const transactional = (up: string, down: string): Form => ({
  kind: 'transactional',
  key: firstLine(up),
  downKey: firstLine(down),
  up,
  down,
});
const alone = (kind: Kind, up: string, down: string): Form => ({
  kind,
  key: firstLine(up),
  downKey: firstLine(down),
  up: `-- lockkeeper:no-transaction\n${up}`,
  down: `-- lockkeeper:no-transaction\n${down}`,
});

const common: readonly Form[] = [
  transactional(
    'CREATE TABLE bed (id integer NOT NULL PRIMARY KEY, ward integer NOT NULL);\nINSERT INTO bed (id, ward) SELECT id, ward FROM patient;',
    'DROP TABLE bed;',
  ),
  transactional(
    'ALTER TABLE patient ADD COLUMN nickname varchar(40);\nUPDATE patient SET nickname = name;',
    'ALTER TABLE patient DROP COLUMN nickname;',
  ),
  transactional(
    'CREATE VIEW full_ward AS SELECT ward, count(*) AS patients FROM patient GROUP BY ward;',
    'DROP VIEW full_ward;',
  ),
];

const rebuild: Form = transactionalRebuild();

function transactionalRebuild(): Form {
  const columns = 'id, name, floor';
  const table = (name: string, more: string) =>
    `CREATE TABLE ${name} (id integer NOT NULL PRIMARY KEY, name varchar(40) NOT NULL${more})`;
  return {
    kind: 'rebuild',
    key: 'INSERT INTO ward_new (id, name, floor)',
    downKey: 'INSERT INTO ward_new (id, name) SELECT',
    up: `PRAGMA foreign_keys = OFF;
${table('ward_new', ', floor integer NOT NULL DEFAULT 0')};
INSERT INTO ward_new (${columns}) SELECT id, name, id % 3 FROM ward;
DROP TABLE ward;
ALTER TABLE ward_new RENAME TO ward;`,
    down: `PRAGMA foreign_keys = OFF;
${table('ward_new', '')};
INSERT INTO ward_new (id, name) SELECT id, name FROM ward;
DROP TABLE ward;
ALTER TABLE ward_new RENAME TO ward;`,
  };
}

const postgres: readonly Form[] = [
  ...common,
  alone(
    'concurrent',
    'CREATE INDEX CONCURRENTLY patient_name ON patient (name);',
    'DROP INDEX CONCURRENTLY patient_name;',
  ),
  backfill,
  alone('nonTransactional', "CREATE TYPE mood AS ENUM ('sad');\nALTER TYPE mood ADD VALUE 'happy';", 'DROP TYPE mood;'),
];

const mysql: readonly Form[] = [
  ...common.map(({ up, down }) => alone('nonTransactional', up, down)),
  backfill,
  alone(
    'nonTransactional',
    'ALTER TABLE patient ADD INDEX patient_name (name);',
    'ALTER TABLE patient DROP INDEX patient_name;',
  ),
];

const sqlite: readonly Form[] = [...common, rebuild, backfill];

const forms: Readonly<Record<Target, readonly Form[]>> = { postgres, mysql, sqlite, 'sqlite-wal': sqlite };

/** Every kind of migration, one after the other. */
export const kindsOf = (target: Target): Workload => ({
  id: 'kinds',
  setup: setups[target],
  teardown: null,
  forms: forms[target],
});

const engines: Readonly<Record<Target, MixEngine>> = {
  postgres: 'postgres',
  mysql: 'mariadb',
  sqlite: 'sqlite',
  'sqlite-wal': 'sqlite',
};

/** The marker is no table that is locked. */
const freeing = (statement: string): string => (statement.startsWith('LOCK TABLES') ? '\nUNLOCK TABLES;' : '');

/** One for each form of statement that no transaction protects. */
export const mixOf = (target: Target): Workload[] =>
  statementMix.filter(({ engine }) => engine === engines[target]).map((form) => mixed(target, form));

function mixed(target: Target, { name, setup, statement, teardown }: MixForm): Workload {
  const [marker = ''] = setups[target];
  return {
    id: name,
    setup: [marker, ...setup],
    teardown: teardown ?? null,
    forms: [alone('nonTransactional', `${statement.replaceAll('{db}', `\${db}`)};${freeing(statement)}`, '')],
  };
}

export const versionsOf = ({ forms }: Workload): string[] => forms.map((_, index) => `1.${index + 1}.0`);

/** Writes the migrations as a folder of our own format. */
export function writeMigrations(folder: string, workload: Workload): void {
  mkdirSync(folder, { recursive: true });
  const versions = versionsOf(workload);
  for (const [index, form] of workload.forms.entries()) {
    const version = versions[index] ?? '';
    const marked = form.kind !== 'concurrent';
    const up = `-- lockkeeper:up\n${form.up}\n${marked ? mark(version) : ''}\n`;
    const down = `-- lockkeeper:down\n${form.down}\n${marked ? unmark(version) : ''}\n`;
    writeFileSync(join(folder, `${version}_form_${index + 1}.sql`), form.down === '' ? up : `${up}${down}`);
  }
}

const mark = (version: string): string => `INSERT INTO crash_marker (version) VALUES ('${version}');`;
const unmark = (version: string): string => `DELETE FROM crash_marker WHERE version = '${version}';`;
