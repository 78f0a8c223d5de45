/** sqitch's registry 1.1, six tables in a schema, a database or a file of their own (App::Sqitch::Engine). */
import { hostname } from 'node:os';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, TableName } from '../../engine/ports.ts';
import { createSchema } from '../common/historyRows.ts';

/** The tables by what sqitch calls them; `changes` may have another name, where a person gave one. */
export type RegistryTables = Readonly<Record<(typeof tableNames)[number], TableName>>;

const tableNames = ['releases', 'projects', 'changes', 'tags', 'dependencies', 'events'] as const;

export const registryTables = (changes: TableName): RegistryTables => ({
  releases: { schema: changes.schema, name: 'releases' },
  projects: { schema: changes.schema, name: 'projects' },
  changes,
  tags: { schema: changes.schema, name: 'tags' },
  dependencies: { schema: changes.schema, name: 'dependencies' },
  events: { schema: changes.schema, name: 'events' },
});

interface Types {
  readonly version: string;
  readonly id: string;
  readonly text: string;
  readonly note: string;
  readonly tagNote: string;
  /** Of an event. */
  readonly list: string;
  readonly kind: string;
  readonly event: string;
  /** When something was written. */
  readonly written: string;
  readonly planned: string;
  readonly options: string;
}

const eventNames = "('deploy', 'revert', 'fail', 'merge')";

const types: Readonly<Record<EngineId, Types>> = {
  postgres: {
    version: 'REAL',
    id: 'TEXT',
    text: 'TEXT',
    note: "TEXT NOT NULL DEFAULT ''",
    tagNote: "TEXT NOT NULL DEFAULT ''",
    list: "TEXT[] NOT NULL DEFAULT '{}'",
    kind: 'TEXT',
    event: `TEXT NOT NULL CONSTRAINT events_event_check CHECK (event IN ${eventNames})`,
    written: 'TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()',
    planned: 'TIMESTAMPTZ NOT NULL',
    options: '',
  },
  mysql: {
    version: 'FLOAT(4, 1)',
    id: 'VARCHAR(40)',
    text: 'VARCHAR(255)',
    note: 'TEXT NOT NULL',
    tagNote: 'VARCHAR(255) NOT NULL',
    list: 'TEXT NOT NULL',
    kind: 'VARCHAR(8)',
    event: "ENUM ('deploy', 'fail', 'merge', 'revert') NOT NULL",
    written: 'DATETIME(6) NOT NULL',
    planned: 'DATETIME(6) NOT NULL',
    options: " ENGINE InnoDB, CHARACTER SET 'utf8'",
  },
  sqlite: {
    version: 'FLOAT',
    id: 'TEXT',
    text: 'TEXT',
    note: "TEXT NOT NULL DEFAULT ''",
    tagNote: "TEXT NOT NULL DEFAULT ''",
    list: "TEXT NOT NULL DEFAULT ''",
    kind: 'TEXT',
    event: `TEXT NOT NULL CONSTRAINT events_event_check CHECK (event IN ${eventNames})`,
    written: 'DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP',
    planned: 'DATETIME NOT NULL',
    options: '',
  },
};

export function createRegistry(engine: EngineId, dialect: Dialect, tables: RegistryTables): string[] {
  const { schema } = tables.changes;
  return [
    ...(engine === 'postgres' && schema !== null ? [createSchema(dialect, schema)] : []),
    ...(engine === 'mysql' && schema !== null
      ? [`CREATE DATABASE IF NOT EXISTS ${dialect.quoteIdentifier(schema)}`]
      : []),
    ...tableNames.map((name) => createTable(name, engine, dialect, tables)),
    ...(engine === 'mysql' ? dependencyChecks(dialect, tables) : []),
    release(engine, dialect, tables),
  ];
}

function createTable(name: keyof RegistryTables, engine: EngineId, dialect: Dialect, tables: RegistryTables): string {
  const type = types[engine];
  // SQLite allows no schema in what is referred to: it is always the table's own.
  const target = (table: TableName) =>
    engine === 'sqlite' ? dialect.quoteIdentifier(table.name) : dialect.quoteTable(table);
  const project = `project ${type.text} NOT NULL REFERENCES ${target(tables.projects)}(project) ON UPDATE CASCADE`;
  const toChange = `REFERENCES ${target(tables.changes)}(change_id) ON UPDATE CASCADE`;
  const change = `${dialect.quoteIdentifier('change')} ${type.text} NOT NULL`;
  const written = (by: string, at: string) => [
    `${at} ${type.written}`,
    `${by}_name ${type.text} NOT NULL`,
    `${by}_email ${type.text} NOT NULL`,
  ];
  const planned = [
    `planned_at ${type.planned}`,
    `planner_name ${type.text} NOT NULL`,
    `planner_email ${type.text} NOT NULL`,
  ];
  const columns: Readonly<Record<keyof RegistryTables, readonly string[]>> = {
    releases: [`version ${type.version} PRIMARY KEY`, ...written('installer', 'installed_at')],
    projects: [`project ${type.text} PRIMARY KEY`, `uri ${type.text} NULL UNIQUE`, ...written('creator', 'created_at')],
    changes: [
      `change_id ${type.id} PRIMARY KEY`,
      `script_hash ${type.id} NULL`,
      change,
      project,
      `note ${type.note}`,
      ...written('committer', 'committed_at'),
      ...planned,
      'UNIQUE(project, script_hash)',
    ],
    tags: [
      `tag_id ${type.id} PRIMARY KEY`,
      `tag ${type.text} NOT NULL`,
      project,
      `change_id ${type.id} NOT NULL ${toChange}`,
      `note ${type.tagNote}`,
      ...written('committer', 'committed_at'),
      ...planned,
      'UNIQUE(project, tag)',
    ],
    dependencies: [
      `change_id ${type.id} NOT NULL ${toChange} ON DELETE CASCADE`,
      `type ${type.kind} NOT NULL`,
      `dependency ${type.text} NOT NULL`,
      `dependency_id ${type.id} NULL ${toChange}${engine === 'mysql' ? '' : ` CONSTRAINT dependencies_check CHECK (${consistent('')})`}`,
      'PRIMARY KEY (change_id, dependency)',
    ],
    events: [
      `event ${type.event}`,
      `change_id ${type.id} NOT NULL`,
      change,
      project,
      `note ${type.note}`,
      ...['requires', 'conflicts', 'tags'].map((list) => `${list} ${type.list}`),
      ...written('committer', 'committed_at'),
      ...planned,
      'PRIMARY KEY (change_id, committed_at)',
    ],
  };
  return `CREATE TABLE IF NOT EXISTS ${dialect.quoteTable(tables[name])} (${columns[name].join(', ')})${type.options}`;
}

const consistent = (row: string): string =>
  `(${row}type = 'require' AND ${row}dependency_id IS NOT NULL) OR (${row}type = 'conflict' AND ${row}dependency_id IS NULL)`;

/** Its substitute for checks, which old servers have not; its users' verify scripts call the function, too. */
function dependencyChecks(dialect: Dialect, { dependencies }: RegistryTables): string[] {
  const checkit = dialect.quoteTable({ schema: dependencies.schema, name: 'checkit' });
  const trigger = (event: string) => {
    const name = dialect.quoteTable({ schema: dependencies.schema, name: `ck_${event.toLowerCase()}_dependency` });
    const message = 'Type must be "require" with dependency_id set or "conflict" with dependency_id not set';
    return [
      `DROP TRIGGER IF EXISTS ${name}`,
      `CREATE TRIGGER ${name} BEFORE ${event} ON ${dialect.quoteTable(dependencies)} FOR EACH ROW SET @dummy := ${checkit}(${consistent('NEW.')}, '${message}')`,
    ];
  };
  return [
    `DROP FUNCTION IF EXISTS ${checkit}`,
    `CREATE FUNCTION ${checkit}(doit INTEGER, message VARCHAR(256)) RETURNS INTEGER DETERMINISTIC BEGIN IF doit IS NULL OR doit = 0 THEN SIGNAL SQLSTATE 'ERR0R' SET MESSAGE_TEXT = message; END IF; RETURN doit; END`,
    ...trigger('INSERT'),
    ...trigger('UPDATE'),
  ];
}

function release(engine: EngineId, dialect: Dialect, { releases }: RegistryTables): string {
  const table = dialect.quoteTable(releases);
  const values = `1.1, ${now[engine]}, 'Lockkeeper', ${dialect.quoteLiteral(`lockkeeper@${hostname()}`)}`;
  return `INSERT INTO ${table} (version, installed_at, installer_name, installer_email) SELECT ${values} FROM (SELECT 1 AS one) AS one_row WHERE NOT EXISTS (SELECT 1 FROM ${table})`;
}

/** As sqitch's engines write times. */
export const now: Readonly<Record<EngineId, string>> = {
  postgres: 'clock_timestamp()',
  mysql: 'UTC_TIMESTAMP(6)',
  sqlite: "strftime('%Y-%m-%d %H:%M:%f')",
};
