// The lease's tables in the database `lockkeeper`, where named locks are those of one node, or cannot be asked for.
import type { LeaseSql } from '../common/lease.ts';
import { mysqlDialect } from './dialect.ts';
import { lockKey } from './lock.ts';

const { quoteLiteral, quoteTable } = mysqlDialect;
const table = (name: string): string => quoteTable({ schema: 'lockkeeper', name });
const options = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** @param database the session's: the lease's tables are the server's, so it is a part of the name */
export const leaseSql = (database: string): LeaseSql => ({
  create: [
    'CREATE DATABASE IF NOT EXISTS `lockkeeper` DEFAULT CHARACTER SET utf8mb4',
    `CREATE TABLE IF NOT EXISTS ${table('lease')} (
  name CHAR(64) NOT NULL PRIMARY KEY,
  token CHAR(36) NOT NULL,
  fenced BIGINT UNSIGNED NOT NULL DEFAULT 0,
  person VARCHAR(255) NULL,
  host VARCHAR(255) NULL,
  process VARCHAR(64) NULL,
  since VARCHAR(40) NULL
) ${options}`,
    `CREATE TABLE IF NOT EXISTS ${table('lease_beat')} (token CHAR(36) NOT NULL PRIMARY KEY, beat BIGINT UNSIGNED NOT NULL) ${options}`,
  ],
  lease: table('lease'),
  beats: table('lease_beat'),
  insertFree: `INSERT IGNORE INTO ${table('lease')} (name, token) VALUES ($1, '')`,
  beat: `INSERT INTO ${table('lease_beat')} (token, beat) VALUES ($1, 1) ON DUPLICATE KEY UPDATE beat = beat + 1`,
  // As in the journal: several rows in place of one fail in every mode that a script may have set.
  fence: (name, token) => `UPDATE ${table('lease')} SET fenced = fenced + 1,
 token = IF(token = ${quoteLiteral(token)}, token, (SELECT t.token FROM (SELECT '' AS token UNION SELECT '-') t)) WHERE name = ${quoteLiteral(name)}`,
  key: (name) => lockKey(database, name),
});
