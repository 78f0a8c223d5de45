import type { ServerFault, Session, StepControl } from '../../engine/ports.ts';
import { probe } from './probe.ts';

/** The session replaces this by `USE` and the name of its database, for which SQL has no expression. */
export const useHomeDatabase = "USE /* this session's database */";

const statementLimit = '/*M!100000 max_statement_time*//*!80000 max_execution_time*/';

/**
 * Settings that scripts change (dumps change half of them), kept in user variables from the beginning of the session.
 * MariaDB before 11.1 has no `transaction_isolation`, MySQL 8 no `tx_isolation`; MariaDB skips comments of versions
 * 50700 to 99999, MySQL skips `M!`.
 */
const kept = [
  'autocommit',
  'sql_mode',
  'foreign_key_checks',
  'unique_checks',
  'sql_safe_updates',
  'sql_select_limit',
  'sql_notes',
  'time_zone',
  'character_set_client',
  'character_set_results',
  'character_set_connection',
  'collation_connection',
  'default_storage_engine',
  'group_concat_max_len',
  'lock_wait_timeout',
  'innodb_lock_wait_timeout',
  'wait_timeout',
  statementLimit,
  '/*M!100000 tx_isolation*//*!80000 transaction_isolation*/',
  '/*M!100000 tx_read_only*//*!80000 transaction_read_only*/',
];

const variable = (index: number): string => `@lockkeeper_kept_${index}`;

/** Run once when a session opens. */
export const keepSettings = `SET ${kept.map((name, index) => `${variable(index)} = @@SESSION.${name}`).join(', ')}`;

const restoreSettings = `SET ${kept.map((name, index) => `SESSION ${name} = ${variable(index)}`).join(', ')}`;

const restoreLimit = `SET SESSION max_statement_time = ${variable(kept.indexOf(statementLimit))}`;

export const mysqlControl: StepControl = {
  resetSession: ['UNLOCK TABLES', restoreSettings, useHomeDatabase],
  begin: ['START TRANSACTION'],
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  beforeCommit: [],
  home: [useHomeDatabase],
  freeTables: 'UNLOCK TABLES',
  // MySQL has a limit for queries only.
  limitStatements: (ms, product) =>
    product === 'MariaDB' ? { set: `SET SESSION max_statement_time = ${ms / 1000}`, lift: restoreLimit } : null,
  keepsTransaction,
  probe,
};

/** A deadlock ends the transaction; waiting too long ends the statement only, unless the server is set up otherwise. */
async function keepsTransaction(session: Session, { code }: ServerFault): Promise<boolean> {
  if (code !== '1205') return false;
  const [row] = await session.query('SELECT @@innodb_rollback_on_timeout AS ends_all');
  return row?.['ends_all'] === 0;
}
