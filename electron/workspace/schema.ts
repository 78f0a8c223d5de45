/** The workspace's tables. A change is a new entry at the end; entries that were released never change. */
export const schemaChanges: readonly string[] = [
  `
  CREATE TABLE environments (
    id TEXT NOT NULL PRIMARY KEY,
    name_key TEXT NOT NULL UNIQUE,
    environment TEXT NOT NULL
  );
  CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL,
    environment_id TEXT,
    action TEXT NOT NULL,
    outcome TEXT,
    actor TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    versions TEXT NOT NULL,
    run TEXT NOT NULL
  );
  CREATE INDEX runs_by_start ON runs (started_at, id);
  CREATE INDEX runs_by_environment ON runs (environment, started_at, id);
  CREATE INDEX runs_by_environment_id ON runs (environment_id, started_at, id);
  CREATE TABLE backups (
    id TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    backup TEXT NOT NULL
  );
  CREATE INDEX backups_by_environment ON backups (environment, taken_at, id);
  CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
  );
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    environment TEXT,
    run TEXT,
    detail TEXT NOT NULL
  );
  CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
  `,
  `
  CREATE TABLE trusted_programs (
    digest TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    trusted_at TEXT NOT NULL,
    trusted_by TEXT NOT NULL
  );
  `,
  `
  CREATE TABLE schemas (
    sha256 TEXT NOT NULL PRIMARY KEY,
    objects TEXT NOT NULL
  );
  CREATE TABLE schema_records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    server_id TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    version TEXT,
    sha256 TEXT NOT NULL,
    record TEXT NOT NULL
  );
  CREATE INDEX schema_records_by_server ON schema_records (server_id, id);
  `,
  `
  CREATE TABLE rehearsals (
    id TEXT NOT NULL PRIMARY KEY,
    plan TEXT NOT NULL,
    at TEXT NOT NULL,
    rehearsal TEXT NOT NULL
  );
  CREATE INDEX rehearsals_by_plan ON rehearsals (plan, id);
  `,
  `
  ALTER TABLE rehearsals ADD COLUMN environment TEXT NOT NULL DEFAULT '';
  UPDATE rehearsals SET environment = coalesce(json_extract(rehearsal, '$.environment'), '');
  CREATE INDEX rehearsals_by_environment ON rehearsals (environment, id);
  `,
  `
  CREATE TABLE migration_lists (
    id TEXT NOT NULL PRIMARY KEY,
    list TEXT NOT NULL
  );
  CREATE TABLE matrix_columns (
    environment_id TEXT NOT NULL PRIMARY KEY,
    list TEXT NOT NULL,
    known TEXT NOT NULL
  );
  CREATE TABLE matrix_drift (
    environment_id TEXT NOT NULL PRIMARY KEY,
    drift TEXT NOT NULL
  );
  `,
  `
  DROP TRIGGER audit_is_never_changed;
  ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
  CREATE TEMP TABLE chained (id INTEGER PRIMARY KEY, place INTEGER NOT NULL UNIQUE, hash TEXT NOT NULL);
  WITH RECURSIVE
    numbered AS MATERIALIZED (SELECT *, row_number() OVER (ORDER BY id) AS place FROM audit),
    chain (id, place, hash) AS (
      SELECT id, place, audit_hash('', at, actor, action, environment, run, detail) FROM numbered WHERE place = 1
      UNION ALL
      SELECT n.id, n.place, audit_hash(c.hash, n.at, n.actor, n.action, n.environment, n.run, n.detail)
      FROM chain c JOIN numbered n ON n.place = c.place + 1
    )
  INSERT INTO chained (id, place, hash) SELECT id, place, hash FROM chain;
  UPDATE audit SET hash = (SELECT hash FROM chained WHERE chained.id = audit.id);
  DROP TABLE chained;
  CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
  CREATE TABLE audit_checkpoints (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    head TEXT NOT NULL,
    key TEXT NOT NULL,
    signature TEXT NOT NULL
  );
  CREATE TRIGGER audit_checkpoints_are_never_changed BEFORE UPDATE ON audit_checkpoints BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER audit_checkpoints_are_never_deleted BEFORE DELETE ON audit_checkpoints BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
  `,
  `
  CREATE TABLE trusted_keys (
    public_key TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    entry TEXT NOT NULL
  );
  `,
  `
  CREATE TABLE fleets (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    fleet TEXT NOT NULL
  );
  CREATE TABLE fleet_members (
    fleet TEXT NOT NULL,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    member TEXT NOT NULL,
    PRIMARY KEY (fleet, id)
  );
  `,
  `
  CREATE TABLE api_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL,
    used_at TEXT
  );
  CREATE TABLE api_answers (
    token TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    at TEXT NOT NULL,
    answer TEXT,
    PRIMARY KEY (token, key)
  );
  CREATE INDEX api_answers_by_time ON api_answers (at);
  `,
  `
  CREATE TABLE schedules (
    id TEXT NOT NULL PRIMARY KEY,
    environment_id TEXT NOT NULL,
    next_due TEXT,
    schedule TEXT NOT NULL
  );
  CREATE TABLE schedule_firings (
    schedule TEXT NOT NULL,
    due TEXT NOT NULL,
    host TEXT NOT NULL,
    process TEXT NOT NULL,
    firing TEXT,
    PRIMARY KEY (schedule, due)
  );
  `,
  `
  ALTER TABLE fleets ADD COLUMN cancel_asked_at TEXT;
  `,
];
