/** Which of the products that speak MySQL's protocol a server is, and what it can do. */
import type { Capabilities } from '../../engine/ports.ts';
import type { CompatibleProduct } from '../driver.ts';

export interface Product {
  readonly name: string;
  readonly version: string;
  readonly cluster?: string;
  /** Oldest that is supported, as text, and whether this one is. */
  readonly least: { readonly version: string; readonly reached: boolean };
  readonly capabilities: Capabilities;
}

/** What the server's variables tell beside its version; a name that it does not know is absent. */
export interface ProductFacts {
  readonly version: string;
  readonly wsrepOn: boolean;
  /** MySQL's group replication, where every member takes writes. */
  readonly multiPrimary: boolean;
}

/** Bytes of several units joined: longer messages save no time, but need more memory and delay the first answer. */
export const maxMessageBytes = 512 * 1024;

export const mysqlCapabilities: Capabilities = {
  transactionalDdl: false,
  runnerLock: 'session',
  renameDatabase: false,
  multiStatementMessages: true,
  maxMessageBytes,
  copyFromStdin: false,
  dumps: true,
};

/** GET_LOCK is of one node, and the others know nothing of it. */
const clustered: Capabilities = { ...mysqlCapabilities, runnerLock: 'lease' };

/** GET_LOCK is of the whole cluster, but nobody can ask who holds it, nor, before 7, whether it is still held. */
const tidb: Capabilities = { ...mysqlCapabilities, runnerLock: 'lease', dumps: false };

/** A named lock is on another connection behind the gate than the statements, and it makes no database for a journal. */
const vitess: Capabilities = { ...mysqlCapabilities, runnerLock: 'none', dumps: false };

const reaches = (version: string, major: number, minor: number): boolean => {
  const [first = 0, second = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return first > major || (first === major && second >= minor);
};

/** By `VERSION()` and a few variables that every one of them answers. */
export function productOf({ version, wsrepOn, multiPrimary }: ProductFacts): Product {
  const tidbVersion = /-TiDB-v?(\d[\w.-]*)/i.exec(version)?.[1];
  if (tidbVersion !== undefined)
    return {
      name: 'TiDB',
      version: tidbVersion,
      least: { version: '6.5', reached: reaches(tidbVersion, 6, 5) },
      capabilities: tidb,
    };
  if (/-Vitess\b/i.test(version))
    return {
      name: 'Vitess',
      version: version.replace(/-Vitess.*$/i, ''),
      least: { version: '8.0', reached: reaches(version, 8, 0) },
      capabilities: vitess,
    };
  const isMariadb = /mariadb/i.test(version);
  const cluster = wsrepOn ? 'Galera' : multiPrimary ? 'Group Replication' : undefined;
  return {
    name: isMariadb ? 'MariaDB' : 'MySQL',
    version: version.replace(/-MariaDB.*$/i, ''),
    ...(cluster === undefined ? {} : { cluster }),
    least: isMariadb
      ? { version: '10.6', reached: reaches(version, 10, 6) }
      : { version: '8.0', reached: reaches(version, 8, 0) },
    capabilities: cluster === undefined ? mysqlCapabilities : clustered,
  };
}

export const mysqlProducts: readonly CompatibleProduct[] = [
  { title: 'MariaDB', wasRun: true, capabilities: mysqlCapabilities },
  { title: 'MySQL', wasRun: false, capabilities: mysqlCapabilities },
  { title: 'MariaDB with Galera', wasRun: true, capabilities: clustered },
  { title: 'MySQL Group Replication with several primaries', wasRun: false, capabilities: clustered },
  { title: 'TiDB', wasRun: false, capabilities: tidb },
  { title: 'Vitess', wasRun: false, capabilities: vitess },
];
