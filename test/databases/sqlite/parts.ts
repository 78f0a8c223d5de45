/** What tests and the programs they start share. */
import type { SessionOptions } from '../../../electron/databases/driver.ts';
import type { Unit } from '../../../electron/engine/ports.ts';
import type { LockHolder } from '../../../shared/model/lock.ts';

export const usualOptions: SessionOptions = {
  password: null,
  applicationName: 'test',
  readOnly: false,
  connectTimeoutMs: 20_000,
  lockTimeoutMs: 200,
};

export const control = (sql: string): Unit => ({ kind: 'control', sql });

export const statement = (sql: string): Unit => ({
  kind: 'statement',
  sql,
  statement: { index: 0, text: sql, line: 1, column: 1, copiesData: false },
});

/** Never ends by itself. */
export const endlessSelect = 'WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';

export const holder = (person: string): LockHolder => ({
  person,
  host: 'here',
  process: String(process.pid),
  since: '2026-01-01T00:00:00.000Z',
  alive: true,
});
