// The lease's tables in the schema `lockkeeper`, for products whose advisory locks exclude nobody.
import type { LeaseSql } from '../common/lease.ts';
import { dialect } from './dialect.ts';
import { supersededConstraint } from './journalTables.ts';

const { quoteLiteral } = dialect;

export const leaseSql: LeaseSql = {
  create: [
    'CREATE SCHEMA IF NOT EXISTS lockkeeper',
    `CREATE TABLE IF NOT EXISTS lockkeeper.lease (
  name text PRIMARY KEY,
  token text CONSTRAINT ${supersededConstraint} CHECK (token IS NOT NULL),
  fenced bigint NOT NULL DEFAULT 0,
  person text,
  host text,
  process text,
  since text
)`,
    'CREATE TABLE IF NOT EXISTS lockkeeper.lease_beat (token text PRIMARY KEY, beat bigint NOT NULL)',
  ],
  lease: 'lockkeeper.lease',
  beats: 'lockkeeper.lease_beat',
  insertFree: "INSERT INTO lockkeeper.lease (name, token) VALUES ($1, '') ON CONFLICT (name) DO NOTHING",
  beat: 'INSERT INTO lockkeeper.lease_beat (token, beat) VALUES ($1, 1) ON CONFLICT (token) DO UPDATE SET beat = lease_beat.beat + 1',
  // Another table than the beat's: a transaction of isolation level REPEATABLE READ would collide with every beat since
  // its snapshot.
  fence: (name, token) => `UPDATE lockkeeper.lease SET fenced = fenced + 1,
    token = CASE WHEN token = ${quoteLiteral(token)} THEN token END WHERE name = ${quoteLiteral(name)}`,
  key: (name) => name,
};
