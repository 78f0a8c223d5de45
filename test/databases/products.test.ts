// Products are told apart by their own words, as their documentation gives them; none of these servers runs here.
import { describe, expect, test } from 'vitest';
import { productOf as mysqlProductOf } from '../../electron/databases/mysql/products.ts';
import { productOf as postgresProductOf } from '../../electron/databases/postgres/products.ts';

describe('of those that speak PostgreSQL’s protocol', () => {
  test.each([
    ['PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc', 'PostgreSQL', null],
    ['CockroachDB CCL v23.2.4 (x86_64-pc-linux-gnu, built 2024/04/08 21:52:15, go1.21.8)', 'CockroachDB', '23.2.4'],
    ['CockroachDB OSS v22.1.0-beta.2 (darwin amd64, built 2022/04/01, go1.17.6)', 'CockroachDB', '22.1.0-beta.2'],
    ['PostgreSQL 11.2-YB-2.21.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang', 'YugabyteDB', '2.21.0.0'],
    ['PostgreSQL 15.12-YB-2025.1.0.0-b168 on x86_64-pc-linux-gnu, compiled by clang', 'YugabyteDB', '2025.1.0.0'],
  ])('%s', (words, name, version) => {
    expect(postgresProductOf(words, false)).toMatchObject({ name, version });
  });

  test('one of which nothing is known is told as such', () => {
    expect(postgresProductOf('QuestDB 7.4', false)).toBeNull();
  });

  test('their locks are not believed, and only PostgreSQL’s DDL is taken to be in its transaction', () => {
    const abilities = (words: string, blocks = false) => {
      const { transactionalDdl, multiStatementMessages, runnerLock, dumps } =
        postgresProductOf(words, blocks)?.capabilities ?? {};
      return { transactionalDdl, multiStatementMessages, runnerLock, dumps };
    };
    const less = { transactionalDdl: false, multiStatementMessages: false, runnerLock: 'lease', dumps: false };
    expect(abilities('PostgreSQL 17.2 on x86_64')).toMatchObject({ transactionalDdl: true, runnerLock: 'session' });
    expect(abilities('CockroachDB CCL v23.2.4 (x86_64)')).toEqual(less);
    expect(abilities('PostgreSQL 11.2-YB-2.21.0.0-b0 on x86_64')).toEqual(less);
    expect(abilities('PostgreSQL 15.12-YB-2025.1.0.0-b1 on x86_64', true)).toEqual({
      ...less,
      transactionalDdl: true,
      multiStatementMessages: true,
    });
  });
});

describe('of those that speak MySQL’s protocol', () => {
  const alone = { wsrepOn: false, multiPrimary: false };
  test.each([
    ['10.11.19-MariaDB-0+deb12u1', 'MariaDB', '10.11.19', 'session', true],
    ['10.5.23-MariaDB', 'MariaDB', '10.5.23', 'session', false],
    ['8.0.36', 'MySQL', '8.0.36', 'session', true],
    ['5.7.44-log', 'MySQL', '5.7.44-log', 'session', false],
    ['8.0.11-TiDB-v8.1.0', 'TiDB', '8.1.0', 'lease', true],
    ['5.7.25-TiDB-v6.5.0', 'TiDB', '6.5.0', 'lease', true],
    ['5.7.25-TiDB-v6.1.7', 'TiDB', '6.1.7', 'lease', false],
    ['8.0.30-Vitess', 'Vitess', '8.0.30', 'none', true],
  ] as const)('%s', (version, name, told, runnerLock, reached) => {
    expect(mysqlProductOf({ version, ...alone })).toMatchObject({
      name,
      version: told,
      least: { reached },
      capabilities: { runnerLock },
    });
  });

  test('a node of a cluster has no lock that the others know of', () => {
    const version = '10.11.19-MariaDB-log';
    expect(mysqlProductOf({ version, ...alone, wsrepOn: true })).toMatchObject({
      name: 'MariaDB',
      cluster: 'Galera',
      capabilities: { runnerLock: 'lease', dumps: true },
    });
    expect(mysqlProductOf({ version: '8.0.36', ...alone, multiPrimary: true })).toMatchObject({
      name: 'MySQL',
      cluster: 'Group Replication',
      capabilities: { runnerLock: 'lease' },
    });
  });
});
