import type { SessionOptions } from '../../electron/databases/driver.ts';
import type { LockHolder } from '../../shared/model/lock.ts';

export const options = {
  applicationName: 'lockkeeper tester@here#1',
  readOnly: false,
  connectTimeoutMs: 20_000,
  lockTimeoutMs: 10_000,
} as const satisfies Partial<SessionOptions>;

export const holder = (person: string): LockHolder => ({
  person,
  host: 'here',
  process: String(process.pid),
  since: null,
  alive: true,
});
