// Real databases with everything a restore must bring back, and what tests ask of them.
import Sqlite from 'better-sqlite3';
import type { TestDatabase } from '../services/backend.ts';

export const engines = ['postgres15', 'mariadb', 'sqlite'] as const;
export type Engine = (typeof engines)[number];

/** Tables with rows, references, triggers that count, views upon views, routines, sequences. */
const statements: Readonly<Record<Engine, readonly string[]>> = {
  postgres15: [
    'CREATE TABLE ward (id integer PRIMARY KEY, name text NOT NULL)',
    'CREATE TABLE patient (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, ward integer CONSTRAINT patient_ward REFERENCES ward (id))',
    'CREATE TABLE log (entry text)',
    "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES (NEW.name); RETURN NEW; END'",
    "INSERT INTO ward VALUES (1, 'East'), (2, 'West')",
    "INSERT INTO patient (name, ward) SELECT 'patient ' || i, 1 + i % 2 FROM generate_series(1, 500) i",
    'CREATE TRIGGER noted AFTER INSERT ON patient FOR EACH ROW EXECUTE FUNCTION noted()',
    'CREATE VIEW west AS SELECT * FROM patient WHERE ward = 2',
    'CREATE VIEW counted AS SELECT count(*) AS patients FROM west',
    'CREATE SEQUENCE ticket START 42',
    "SELECT nextval('ticket')",
  ],
  mariadb: [
    'CREATE TABLE ward (id int PRIMARY KEY, name varchar(100) NOT NULL)',
    'CREATE TABLE patient (id int AUTO_INCREMENT PRIMARY KEY, name varchar(100) NOT NULL, ward int, CONSTRAINT patient_ward FOREIGN KEY (ward) REFERENCES ward (id))',
    'CREATE TABLE log (entry varchar(100))',
    "INSERT INTO ward VALUES (1, 'East'), (2, 'West')",
    "INSERT INTO patient (name, ward) SELECT concat('patient ', seq), 1 + seq % 2 FROM seq_1_to_500",
    'CREATE TRIGGER noted AFTER INSERT ON patient FOR EACH ROW INSERT INTO log VALUES (NEW.name)',
    'CREATE VIEW counted AS SELECT count(*) AS patients FROM patient WHERE ward = 2',
    'CREATE VIEW again AS SELECT patients FROM counted',
    "CREATE PROCEDURE greet() BEGIN SELECT 'größer; $1 `quoted`' AS words; END",
    'CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN 2 * n',
    "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO INSERT INTO log VALUES ('night')",
    'CREATE SEQUENCE ticket START WITH 42',
  ],
  sqlite: [
    'CREATE TABLE ward (id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
    'CREATE TABLE patient (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, ward INTEGER REFERENCES ward (id))',
    'CREATE TABLE log (entry TEXT)',
    "INSERT INTO ward VALUES (1, 'East'), (2, 'West')",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO patient (name, ward) SELECT 'patient ' || i, 1 + i % 2 FROM n",
    'CREATE TRIGGER noted AFTER INSERT ON patient BEGIN INSERT INTO log VALUES (NEW.name); END',
    'CREATE VIEW counted AS SELECT count(*) AS patients FROM patient WHERE ward = 2',
  ],
};

export async function fill(engine: Engine, database: TestDatabase): Promise<void> {
  for (const statement of statements[engine]) await change(database, statement);
}

/** Directly, not through Lockkeeper. */
export async function change(database: TestDatabase, sql: string): Promise<void> {
  if (!database.url.startsWith('sqlite:')) {
    await database.query(sql);
    return;
  }
  const file = new Sqlite(database.url.slice('sqlite:'.length));
  try {
    file.exec(sql);
  } finally {
    file.close();
  }
}

const definitions: Readonly<Record<Engine, string>> = {
  postgres15: `SELECT 'column' AS kind, table_schema || '.' || table_name || '.' || column_name AS name, data_type || ' ' || is_nullable AS text FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'lockkeeper')
UNION ALL SELECT 'constraint', conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0 AND connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1, 2`,
  mariadb: `SELECT 'column' AS kind, concat(TABLE_NAME, '.', COLUMN_NAME) AS name, COLUMN_TYPE AS text FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
UNION ALL SELECT 'reference', concat(TABLE_NAME, '.', CONSTRAINT_NAME), concat(UNIQUE_CONSTRAINT_SCHEMA = DATABASE(), REFERENCED_TABLE_NAME) FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()
UNION ALL SELECT 'trigger', concat(EVENT_OBJECT_TABLE, '.', TRIGGER_NAME), concat(ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT, DEFINER, SQL_MODE, COLLATION_CONNECTION) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
UNION ALL SELECT 'view', TABLE_NAME, replace(VIEW_DEFINITION, concat('\`', DATABASE(), '\`.'), '') FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()
UNION ALL SELECT 'routine', ROUTINE_NAME, concat(ROUTINE_TYPE, ROUTINE_DEFINITION, DEFINER, SQL_MODE, COLLATION_CONNECTION) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
UNION ALL SELECT 'event', EVENT_NAME, concat(STATUS, EVENT_DEFINITION, INTERVAL_VALUE, DEFINER) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY 1, 2`,
  sqlite:
    "SELECT type AS kind, name, sql AS text FROM sqlite_schema WHERE name NOT LIKE 'lockkeeper%' AND tbl_name NOT LIKE 'lockkeeper%' ORDER BY type, name",
};

const rows = {
  postgres15: ['ward', 'patient', 'log'],
  mariadb: ['ward', 'patient', 'log'],
  sqlite: ['ward', 'patient', 'log'],
} as const;

/** Everything a restore must bring back, to be compared. */
export async function contentOf(engine: Engine, database: TestDatabase): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = { definitions: await database.query(definitions[engine]) };
  for (const table of rows[engine]) content[table] = await database.query(`SELECT * FROM ${table} ORDER BY 1`);
  return content;
}
