// A schema for each engine, and a change of every kind of object: drift must tell each, and nothing else.
import type { SchemaObjectKind } from '../../shared/model/snapshot.ts';

export interface SchemaCase {
  readonly schema: readonly string[];
  readonly changes: readonly ObjectChange[];
}

interface ObjectChange {
  readonly what: string;
  readonly sql: readonly string[];
  /** Kind of the object that must be told, and how it changed. */
  readonly told: readonly [change: 'added' | 'removed' | 'changed', kind: SchemaObjectKind];
  /** It cannot be written as SQL without a person. */
  readonly unwritten?: 'forth' | 'back' | 'both';
}

const added = (
  what: string,
  kind: SchemaObjectKind,
  sql: string,
  unwritten?: ObjectChange['unwritten'],
): ObjectChange => ({
  what,
  sql: [sql],
  told: ['added', kind],
  ...(unwritten === undefined ? {} : { unwritten }),
});
const removed = (
  what: string,
  kind: SchemaObjectKind,
  sql: string,
  unwritten?: ObjectChange['unwritten'],
): ObjectChange => ({
  ...added(what, kind, sql, unwritten),
  told: ['removed', kind],
});
const changed = (
  what: string,
  kind: SchemaObjectKind,
  sql: string,
  unwritten?: ObjectChange['unwritten'],
): ObjectChange => ({
  ...added(what, kind, sql, unwritten),
  told: ['changed', kind],
});

const postgres: SchemaCase = {
  schema: [
    `CREATE TYPE mood AS ENUM ('calm', 'busy')`,
    'CREATE DOMAIN positive AS integer CHECK (VALUE > 0)',
    'CREATE TYPE pair AS (a integer, b text)',
    'CREATE SEQUENCE numbers',
    `CREATE TABLE ship (id serial PRIMARY KEY, name text NOT NULL, state mood DEFAULT 'calm', crew integer CHECK (crew >= 0), doubled integer GENERATED ALWAYS AS (crew * 2) STORED)`,
    'CREATE TABLE berth (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ship_id integer REFERENCES ship (id), "Odd name" varchar(20))',
    'CREATE INDEX ship_name ON ship (lower(name))',
    'CREATE TABLE log (at date NOT NULL, text text) PARTITION BY RANGE (at)',
    `CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`,
    'CREATE VIEW ships AS SELECT id, name FROM ship',
    'CREATE MATERIALIZED VIEW crews AS SELECT sum(crew) AS total FROM ship',
    'CREATE FUNCTION doubled(a integer) RETURNS integer LANGUAGE sql AS $$ SELECT a * 2 $$',
    'CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$',
    'CREATE FUNCTION watched() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$',
    'CREATE FUNCTION pair_of(integer) RETURNS pair LANGUAGE sql AS $$ SELECT ROW($1, $1::text)::pair $$',
    'CREATE TRIGGER noting BEFORE INSERT ON ship FOR EACH ROW EXECUTE FUNCTION noted()',
    'CREATE POLICY own ON berth USING (id > 0)',
    'CREATE RULE kept AS ON DELETE TO ship DO INSTEAD NOTHING',
    'CREATE STATISTICS both_columns ON name, crew FROM ship',
    `COMMENT ON COLUMN ship.name IS 'as painted'`,
  ],
  changes: [
    added('a table', 'table', "CREATE TABLE pier (id bigint PRIMARY KEY, note text DEFAULT 'it''s')"),
    removed('a table', 'table', 'DROP TABLE berth'),
    added('a column', 'column', 'ALTER TABLE ship ADD COLUMN built date DEFAULT now()'),
    removed('a column', 'column', 'ALTER TABLE berth DROP COLUMN "Odd name"'),
    changed('a type of a column', 'column', 'ALTER TABLE berth ALTER COLUMN "Odd name" TYPE varchar(40)'),
    changed('a default', 'column', `ALTER TABLE ship ALTER COLUMN name SET DEFAULT 'unnamed'`),
    changed('nullability', 'column', 'ALTER TABLE ship ALTER COLUMN name DROP NOT NULL'),
    changed('a comment', 'column', `COMMENT ON COLUMN ship.name IS 'as registered'`),
    added('a constraint', 'constraint', 'ALTER TABLE berth ADD CONSTRAINT berth_small CHECK (id < 1000)'),
    removed('a foreign key', 'constraint', 'ALTER TABLE berth DROP CONSTRAINT berth_ship_id_fkey'),
    added('an index', 'index', 'CREATE UNIQUE INDEX ship_unique ON ship (name) WHERE crew > 0'),
    changed('an index', 'index', 'DROP INDEX ship_name; CREATE INDEX ship_name ON ship (upper(name))'),
    removed('an index', 'index', 'DROP INDEX ship_name'),
    changed('a view', 'view', 'CREATE OR REPLACE VIEW ships AS SELECT id, name FROM ship WHERE crew > 0'),
    changed(
      'a materialized view',
      'materializedView',
      'DROP MATERIALIZED VIEW crews; CREATE MATERIALIZED VIEW crews AS SELECT max(crew) AS total FROM ship',
    ),
    changed(
      'a routine',
      'routine',
      'CREATE OR REPLACE FUNCTION doubled(a integer) RETURNS integer LANGUAGE sql AS $$ SELECT a + a $$',
    ),
    added(
      'a routine',
      'routine',
      'CREATE FUNCTION tripled(a integer) RETURNS integer LANGUAGE sql AS $$ SELECT a * 3 $$',
    ),
    changed(
      'a trigger',
      'trigger',
      'DROP TRIGGER noting ON ship; CREATE TRIGGER noting AFTER INSERT ON ship FOR EACH ROW EXECUTE FUNCTION noted()',
    ),
    removed('a trigger', 'trigger', 'DROP TRIGGER noting ON ship'),
    changed('a trigger that is off', 'trigger', 'ALTER TABLE ship DISABLE TRIGGER noting'),
    changed('a policy', 'policy', 'DROP POLICY own ON berth; CREATE POLICY own ON berth FOR SELECT USING (id > 1)'),
    changed('row security', 'table', 'ALTER TABLE berth ENABLE ROW LEVEL SECURITY'),
    removed('a rule', 'rule', 'DROP RULE kept ON ship'),
    removed('statistics', 'statistics', 'DROP STATISTICS both_columns'),
    changed('an enum', 'type', `ALTER TYPE mood ADD VALUE 'late'`, 'both'),
    added('a domain', 'type', `CREATE DOMAIN short AS text CHECK (length(VALUE) < 9)`),
    added('a composite type', 'type', 'CREATE TYPE point3 AS (x float8, y float8, z float8)'),
    added('a sequence', 'sequence', 'CREATE SEQUENCE more INCREMENT 5'),
    added('a schema', 'schema', 'CREATE SCHEMA annex'),
    added(
      'a partition',
      'table',
      `CREATE TABLE log_2027 PARTITION OF log FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')`,
    ),
    changed('rights', 'table', 'GRANT SELECT ON ship TO PUBLIC', 'both'),
    added(
      'an event trigger',
      'eventTrigger',
      'CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION watched()',
      'forth',
    ),
    added('a publication', 'publication', 'CREATE PUBLICATION told FOR TABLE ship', 'forth'),
    added('a cast', 'cast', 'CREATE CAST (integer AS pair) WITH FUNCTION pair_of(integer)', 'both'),
    added('default rights', 'defaultPrivileges', 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC', 'both'),
    added('a collation', 'collation', `CREATE COLLATION plain FROM "C"`, 'forth'),
    added(
      'a text search configuration',
      'textSearch',
      'CREATE TEXT SEARCH CONFIGURATION words (COPY = simple)',
      'both',
    ),
  ],
};

const mysql: SchemaCase = {
  schema: [
    "CREATE TABLE ship (id int AUTO_INCREMENT PRIMARY KEY, name varchar(50) NOT NULL COMMENT 'as painted', crew int CHECK (crew >= 0), KEY by_crew (crew))",
    'CREATE TABLE berth (id int PRIMARY KEY, ship_id int, `Odd name` varchar(20), CONSTRAINT berth_ship FOREIGN KEY (ship_id) REFERENCES ship (id))',
    'CREATE VIEW ships AS SELECT id, name FROM ship',
    'CREATE FUNCTION doubled(a int) RETURNS int DETERMINISTIC RETURN a * 2',
    'CREATE PROCEDURE counted() SELECT count(*) FROM ship',
    'CREATE TRIGGER noting BEFORE INSERT ON ship FOR EACH ROW SET NEW.name = trim(NEW.name)',
    'CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM ship WHERE crew IS NULL',
  ],
  changes: [
    added(
      'a table',
      'table',
      "CREATE TABLE pier (id bigint PRIMARY KEY, note varchar(9) DEFAULT 'it''s', UNIQUE KEY (note))",
    ),
    removed('a table', 'table', 'DROP TABLE berth'),
    added('a column', 'column', 'ALTER TABLE ship ADD COLUMN built date'),
    removed('a column', 'column', 'ALTER TABLE berth DROP COLUMN `Odd name`'),
    changed('a type of a column', 'column', 'ALTER TABLE berth MODIFY COLUMN `Odd name` varchar(40)'),
    changed('nullability', 'column', "ALTER TABLE ship MODIFY COLUMN name varchar(50) COMMENT 'as painted'"),
    changed('a comment', 'column', "ALTER TABLE ship MODIFY COLUMN name varchar(50) NOT NULL COMMENT 'as registered'"),
    added('a constraint', 'constraint', 'ALTER TABLE berth ADD CONSTRAINT berth_small CHECK (id < 1000)'),
    removed('a foreign key', 'constraint', 'ALTER TABLE berth DROP FOREIGN KEY berth_ship'),
    removed('a primary key', 'constraint', 'ALTER TABLE berth DROP PRIMARY KEY'),
    added('an index', 'index', 'CREATE UNIQUE INDEX ship_unique ON ship (name)'),
    changed('an index', 'index', 'ALTER TABLE ship DROP KEY by_crew, ADD KEY by_crew (crew, name)'),
    changed(
      'an engine',
      'table',
      'CREATE TABLE other (id int) ENGINE=InnoDB; ALTER TABLE ship ROW_FORMAT=COMPRESSED; DROP TABLE other',
      'back',
    ),
    changed('a view', 'view', 'CREATE OR REPLACE VIEW ships AS SELECT id, name FROM ship WHERE crew > 0'),
    changed(
      'a function',
      'routine',
      'DROP FUNCTION doubled; CREATE FUNCTION doubled(a int) RETURNS int DETERMINISTIC RETURN a + a',
    ),
    added('a procedure', 'routine', 'CREATE PROCEDURE emptied() BEGIN DELETE FROM berth; DELETE FROM ship; END'),
    removed('a trigger', 'trigger', 'DROP TRIGGER noting'),
    changed(
      'a trigger',
      'trigger',
      'DROP TRIGGER noting; CREATE TRIGGER noting BEFORE INSERT ON ship FOR EACH ROW SET NEW.name = upper(NEW.name)',
    ),
    changed('an event', 'event', 'ALTER EVENT nightly ON SCHEDULE EVERY 2 DAY'),
    added('a sequence', 'sequence', 'CREATE SEQUENCE more INCREMENT BY 5'),
  ],
};

const sqlite: SchemaCase = {
  schema: [
    'CREATE TABLE ship (id INTEGER PRIMARY KEY, name TEXT NOT NULL, crew INTEGER CHECK (crew >= 0))',
    'CREATE TABLE berth (id INTEGER PRIMARY KEY, ship_id INTEGER REFERENCES ship (id), "Odd name" TEXT, UNIQUE (ship_id))',
    'CREATE INDEX ship_name ON ship (lower(name))',
    'CREATE VIEW ships AS SELECT id, name FROM ship',
    'CREATE TRIGGER noting AFTER INSERT ON ship BEGIN UPDATE ship SET name = trim(name) WHERE id = new.id; END',
  ],
  changes: [
    added('a table', 'table', "CREATE TABLE pier (id INTEGER PRIMARY KEY, note TEXT DEFAULT 'it''s') STRICT"),
    removed('a table', 'table', 'DROP TABLE berth'),
    added('a column', 'column', 'ALTER TABLE ship ADD COLUMN built TEXT'),
    removed('a column', 'column', 'ALTER TABLE berth DROP COLUMN "Odd name"'),
    added('an index', 'index', 'CREATE UNIQUE INDEX ship_unique ON ship (name) WHERE crew > 0'),
    changed('an index', 'index', 'DROP INDEX ship_name; CREATE INDEX ship_name ON ship (upper(name))'),
    changed('a view', 'view', 'DROP VIEW ships; CREATE VIEW ships AS SELECT id FROM ship'),
    removed('a trigger', 'trigger', 'DROP TRIGGER noting'),
    changed(
      'a rebuilt table',
      'column',
      'CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT, crew INTEGER CHECK (crew >= 0)); DROP VIEW ships; DROP TABLE ship; ALTER TABLE new RENAME TO ship; CREATE VIEW ships AS SELECT id, name FROM ship',
      'both',
    ),
  ],
};

export const schemaCases = { postgres, mysql, sqlite } as const;
