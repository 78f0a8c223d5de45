/** Which of the products that speak PostgreSQL's protocol a server is, and what it can do. */
import type { Capabilities } from '../../engine/ports.ts';
import type { CompatibleProduct } from '../driver.ts';

export interface Product {
  readonly name: string;
  /** Null: what the server calls its version is the product's. */
  readonly version: string | null;
  readonly capabilities: Capabilities;
}

export const postgresCapabilities: Capabilities = {
  transactionalDdl: true,
  runnerLock: 'session',
  renameDatabase: true,
  multiStatementMessages: true,
  maxMessageBytes: 1024 * 1024,
  copyFromStdin: true,
  dumps: true,
};

/**
 * DDL takes effect outside of the transaction that it stands in, so nothing else may be in its message, which would be an
 * implicit transaction. Advisory locks: CockroachDB's functions do nothing and say that it was done; YugabyteDB has them
 * from version 2025.1 on, and only where its administrator wants them.
 */
const distributed: Capabilities = {
  ...postgresCapabilities,
  transactionalDdl: false,
  multiStatementMessages: false,
  runnerLock: 'lease',
  dumps: false,
};

/** By the words of `version()`. Null: a product of which nothing is known. `ddlBlocks`: its DDL is part of a transaction. */
export function productOf(version: string, ddlBlocks: boolean): Product | null {
  const cockroach = /^CockroachDB\b.*?\bv(\d[\w.-]*)/.exec(version)?.[1];
  if (cockroach !== undefined) return { name: 'CockroachDB', version: cockroach, capabilities: distributed };
  if (!version.startsWith('PostgreSQL ')) return null;
  const yugabyte = /^PostgreSQL \S+?-YB-([\d.]+)/.exec(version)?.[1];
  if (yugabyte === undefined) return { name: 'PostgreSQL', version: null, capabilities: postgresCapabilities };
  const capabilities = ddlBlocks
    ? { ...distributed, transactionalDdl: true, multiStatementMessages: true }
    : distributed;
  return { name: 'YugabyteDB', version: yugabyte, capabilities };
}

export const postgresProducts: readonly CompatibleProduct[] = [
  { title: 'PostgreSQL', wasRun: true, capabilities: postgresCapabilities },
  { title: 'CockroachDB', wasRun: false, capabilities: distributed },
  { title: 'YugabyteDB', wasRun: false, capabilities: distributed },
];
