// MariaDB with Galera: two nodes, one database. Each session of the suite goes to the other node than the one before.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../../../electron/databases/driver.ts';
import { createMysqlDriver, mysqlDriver } from '../../../electron/databases/mysql/index.ts';
import { MessageFault } from '../../../electron/engine/ports.ts';
import { planMigration } from '../../../electron/services/planMigration.ts';
import { readStatus } from '../../../electron/services/readStatus.ts';
import type { Connection, NetworkConnection } from '../../../shared/model/environment.ts';
import type { Engine, EngineDatabase } from '../../conformance/drivers.ts';
import { journaling } from '../../conformance/journaling.ts';
import { quickLease } from '../../conformance/limits.ts';
import { locking } from '../../conformance/locking.ts';
import { sending } from '../../conformance/sending.ts';
import { holder, options } from '../../conformance/sessionOptions.ts';
import { control, disposable, expectFault, listen, open, run } from '../../conformance/sessions.ts';
import { mysqlSql } from '../../conformance/snippets.ts';
import { galeraMissing } from '../../servers/galera.ts';
import { startGalera } from '../../servers/index.ts';
import { adHoc, run as migrate, testBackend, writeFolder } from '../../services/backend.ts';
import { skipBecause } from '../../setup/skip.ts';

const missing = galeraMissing();
let cluster: Awaited<ReturnType<typeof startGalera>>;
let opened = 0;

beforeAll(async () => {
  if (missing === undefined) cluster = await startGalera();
}, 180_000);
afterAll(async () => {
  if (missing === undefined) await cluster[Symbol.asyncDispose]();
});
beforeEach((context) => {
  if (missing !== undefined) skipBecause(context, missing);
});

const quick = createMysqlDriver({ lease: quickLease });

/** Sessions of both nodes in turn. */
const alternating: Driver = {
  ...quick,
  connect: (connection, how) => {
    opened += 1;
    const { port } = opened % 2 === 0 ? cluster.first : cluster.second;
    return quick.connect({ ...networkOf(connection), port }, how);
  },
};

function networkOf(connection: Connection): NetworkConnection {
  if (connection.engine === 'sqlite') throw new Error('a node is no file');
  return connection;
}

async function createDatabase(): Promise<EngineDatabase> {
  const database = await cluster.first.createDatabase();
  // Who signs in does not wait for what another node has just committed.
  await cluster.second.query('SET SESSION wsrep_sync_wait = 15; SHOW DATABASES');
  const { connection, password } = mysqlDriver.parseUrl(database.url);
  const node = (port: number) => ({ ...connection, port });
  return {
    connection,
    password,
    otherNames: [node(cluster.first.port), node(cluster.second.port)],
    wrong: [],
    terminate: async ({ backend }) => {
      // Each number is a node's own; the other has it for somebody else or not at all.
      for (const { port } of [cluster.first, cluster.second]) {
        await using session = disposable(await quick.connect(node(port), { ...options, password }));
        await quick.aftermath.endSession(session, backend);
      }
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

const galera: Engine = {
  name: 'MariaDB with Galera',
  driver: alternating,
  limits: { lease: quickLease },
  product: 'MariaDB',
  missing: () => missing,
  createDatabase,
  sql: { ...mysqlSql, freeLocks: "UPDATE lockkeeper.lease SET token = ''" },
  oneLock: null,
};

describe('the suite on one node', () => {
  // A row that is locked on one node is not on the other: whoever commits first there wins, and nobody waits.
  describe('sending', () => sending({ ...galera, driver: quick }));
});

describe('the suite across two nodes', () => {
  describe('locking', () => locking(galera));
  describe('journaling', () => journaling(galera));
});

describe('a cluster', () => {
  const name = 'shop.migrations';

  test('is one database with less than one server can do, whichever node is reached', async () => {
    await using database = await createDatabase();
    await using first = await open(galera, database);
    await using second = await open(galera, database);
    expect(first.identity.backend.split(' ')[2]).not.toBe(second.identity.backend.split(' ')[2]);
    expect(first.identity.id).toBe(second.identity.id);
    expect(first.identity).toMatchObject({ product: 'MariaDB', cluster: 'Galera' });
    expect(first.capabilities).toMatchObject({ runnerLock: 'lease', transactionalDdl: false });
  });

  test('would give GET_LOCK to both nodes at once', async () => {
    await using database = await createDatabase();
    await using first = await open(galera, database);
    await using second = await open(galera, database);
    for (const session of [first, second])
      expect(await session.query("SELECT GET_LOCK('one', 0) AS taken")).toEqual([{ taken: 1 }]);
  });

  test('shows on one node at once what was committed on the other', async () => {
    await using database = await createDatabase();
    await using first = await open(galera, database);
    await using second = await open(galera, database);
    await run(first, 'CREATE TABLE counted (id integer PRIMARY KEY)');
    for (let id = 1; id <= 20; id += 1) {
      await run(first, `INSERT INTO counted VALUES (${id})`);
      expect(await second.query('SELECT COUNT(*) AS rows_there FROM counted')).toEqual([{ rows_there: id }]);
    }
  });

  test('does not commit what a holder does whose lease was taken over on the other node', async () => {
    await using database = await createDatabase();
    await using sleeper = await open(galera, database);
    await using newer = await open(galera, database);
    expect(await sleeper.tryLock(name, holder('sleeper'))).toBeNull();
    await run(sleeper, 'CREATE TABLE note (id integer PRIMARY KEY)');
    const { begin, commit } = alternating.control;
    await sleeper.send(control(...begin, 'INSERT INTO note VALUES (1)', ...sleeper.fence(), commit), listen());
    await sleeper.send(control(...begin, 'INSERT INTO note VALUES (2)'), listen());
    expect(await newer.endHolder(name)).toBe('ended');
    expect(await newer.tryLock(name, holder('newer'))).toBeNull();
    await expect(sleeper.send(control(...sleeper.fence(), commit), listen())).rejects.toBeInstanceOf(MessageFault);
    expect(await newer.query('SELECT id FROM note')).toEqual([{ id: 1 }]);
    await expectFault(sleeper.confirmLocks(true), 'lockLost');
  });

  test('gives the lock to one of both who ask at the same time', async () => {
    await using database = await createDatabase();
    await using first = await open(galera, database);
    await using second = await open(galera, database);
    for (let round = 0; round < 10; round += 1) {
      const [one, other] = await Promise.all([
        first.tryLock(`${name}${round}`, holder('first')),
        second.tryLock(`${name}${round}`, holder('second')),
      ]);
      const taken = [one, other].filter((result) => result === null).length;
      expect(taken).toBeLessThanOrEqual(1);
    }
  });

  test('is migrated through one node and told of through the other by the whole application', async () => {
    await using database = await createDatabase();
    await using application = await testBackend();
    const source = await writeFolder(application.folder, {
      '1_people.sql':
        '-- migrate:up\nCREATE TABLE people (id integer PRIMARY KEY);\nINSERT INTO people VALUES (1);\nINSERT INTO people VALUES (2);\nALTER TABLE people ADD COLUMN name varchar(20);\n-- migrate:down\nDROP TABLE people;\n',
    });
    const [first = '', second = ''] = database.otherNames.map((connection) => {
      const url = new URL(mysqlDriver.formatUrl(networkOf(connection)));
      url.password = database.password ?? '';
      return url.href;
    });
    const { plan } = await planMigration(application.backend.context, adHoc(first, source), { direction: 'up' });
    expect(plan.warnings.map(({ code }) => code)).toContain('lock.lease');
    // Planned on one node, run on the other: it is the same database.
    const { run: up } = await migrate(application.backend, adHoc(second, source), { fingerprint: plan.fingerprint });
    expect(up).toMatchObject({ outcome: 'succeeded', problem: null });
    expect(await readStatus(application.backend.context, adHoc(first, source))).toMatchObject({
      counts: { applied: 1, pending: 0 },
    });
    const { run: down } = await migrate(application.backend, adHoc(first, source), {
      wanted: { direction: 'down', steps: 1 },
    });
    expect(down.outcome).toBe('succeeded');
  });
});
