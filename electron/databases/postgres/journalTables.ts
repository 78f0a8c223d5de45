// The journal's tables and the statements that create what is missing of them.
import { type Row, ServerFault, type Session } from '../../engine/ports.ts';
import { addedRunColumns, addedStepColumns } from '../common/journalRows.ts';
import { dialect } from './dialect.ts';

/** Refuses the rows of a run after a newer one has begun on the same history table. */
export const supersededConstraint = 'run_was_superseded';

const schema = [
  'CREATE SCHEMA IF NOT EXISTS lockkeeper',
  "COMMENT ON SCHEMA lockkeeper IS 'Journal of migration runs, kept by Lockkeeper. No application data; may be dropped while no run is going on or interrupted.'",
];

const tables: Readonly<Record<string, readonly string[]>> = {
  run: [
    `CREATE TABLE IF NOT EXISTS lockkeeper.run (
  id text PRIMARY KEY,
  journal_version smallint NOT NULL DEFAULT 1,
  action text NOT NULL,
  actor text NOT NULL,
  host text NOT NULL,
  process text NOT NULL,
  fingerprint text NOT NULL,
  tool text NOT NULL,
  history_table text NOT NULL,
  backend text NOT NULL,
  epoch bigint NOT NULL,
  outcome text,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  versions text,
  resumes varchar(64),
  audit_head varchar(120),
  UNIQUE (history_table, epoch)
)`,
    "COMMENT ON TABLE lockkeeper.run IS 'One row for each run of Lockkeeper on this database; outcome is null while it runs or when it was interrupted.'",
    "COMMENT ON COLUMN lockkeeper.run.journal_version IS 'Layout of these tables as this row''s writer knew it.'",
    "COMMENT ON COLUMN lockkeeper.run.versions IS 'Of its migrations in order, as JSON.'",
    "COMMENT ON COLUMN lockkeeper.run.resumes IS 'The interrupted run that it goes on with.'",
    "COMMENT ON COLUMN lockkeeper.run.audit_head IS 'Where the audit log of the computer that ran it was: workspace, entry, hash.'",
    "COMMENT ON COLUMN lockkeeper.run.backend IS 'Server session that executed it: process id and start time.'",
    "COMMENT ON COLUMN lockkeeper.run.epoch IS 'Counts the runs on one history table; a run whose epoch is not the newest can write no more steps.'",
  ],
  step: [
    `CREATE TABLE IF NOT EXISTS lockkeeper.step (
  run_id text NOT NULL REFERENCES lockkeeper.run (id) ON DELETE CASCADE,
  step integer NOT NULL,
  version text NOT NULL,
  action text NOT NULL,
  sha256 text NOT NULL,
  statements integer NOT NULL,
  state text NOT NULL CHECK (state IN ('planned', 'intent', 'sent', 'done', 'failed', 'unknown', 'reconciled')),
  statement integer,
  batches integer,
  batch_rows bigint,
  probe_before text,
  probe_expected text,
  backend text NOT NULL,
  epoch bigint CONSTRAINT ${supersededConstraint} CHECK (epoch IS NOT NULL),
  error text,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  part integer,
  sending varchar(10),
  statement_text text,
  line integer,
  note text,
  PRIMARY KEY (run_id, step)
)`,
    "COMMENT ON TABLE lockkeeper.step IS 'One row for each step of a run. In a step that is one transaction the row appears with its effect; else it is written before and after each statement.'",
    "COMMENT ON COLUMN lockkeeper.step.statement IS 'Statement last announced, from 0; those before it are done.'",
    "COMMENT ON COLUMN lockkeeper.step.batches IS 'Batches of that statement that are committed, where it is repeated until nothing is left, and in batch_rows their rows.'",
    "COMMENT ON COLUMN lockkeeper.step.probe_before IS 'State of what that statement changes, before it was sent.'",
    "COMMENT ON COLUMN lockkeeper.step.sending IS 'together: the statement is committed with the next change of this row; alone: it may have happened though this row does not tell.'",
    "COMMENT ON COLUMN lockkeeper.step.note IS 'What reconciling found out after an interruption.'",
    "COMMENT ON COLUMN lockkeeper.step.probe_expected IS 'The same when the statement has taken effect.'",
    `COMMENT ON CONSTRAINT ${supersededConstraint} ON lockkeeper.step IS 'Refuses what a run writes after a newer one has begun on the same history table.'`,
  ],
};

/** Of tables that an earlier version made. */
const added: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  run: addedRunColumns,
  step: addedStepColumns,
};

const question = `
  SELECT n.oid IS NOT NULL AS schema, coalesce(has_schema_privilege(n.oid, 'USAGE'), true) AS usable, c.relname::text AS name,
    has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') AS writable,
    (SELECT string_agg(a.attname, ' ') FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM (SELECT to_regnamespace('lockkeeper')::oid AS oid) n
  LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname IN (${Object.keys(tables).map(dialect.quoteLiteral).join(', ')})`;

/**
 * Statements that create what is missing.
 * @throws {ServerFault} kind `rights` when what is there may not be used.
 */
export async function missingTables(session: Session): Promise<string[]> {
  const rows = await session.query(question);
  if (rows.some(({ usable, writable }) => usable === false || writable === false))
    throw missingRights(session.identity.user);
  const present = new Map(rows.map(({ name, columns }: Row) => [name, new Set(String(columns).split(' '))]));
  const missing = Object.entries(tables).flatMap(([name, create]) => {
    const columns = present.get(name);
    return columns === undefined ? create : addColumns(name, columns);
  });
  return rows[0]?.['schema'] === true ? missing : [...schema, ...missing];
}

function addColumns(table: string, present: ReadonlySet<string>): string[] {
  const missing = Object.entries(added[table] ?? {}).filter(([column]) => !present.has(column));
  const clauses = missing.map(([column, type]) => `ADD COLUMN IF NOT EXISTS ${column} ${type}`);
  return clauses.length === 0 ? [] : [`ALTER TABLE lockkeeper.${table} ${clauses.join(', ')}`];
}

function missingRights(user: string): ServerFault {
  const role = dialect.quoteIdentifier(user);
  return new ServerFault('rights', `The role ${role} may not write the journal in the schema lockkeeper.`, {
    detail: `GRANT USAGE ON SCHEMA lockkeeper TO ${role}; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA lockkeeper TO ${role};`,
  });
}
