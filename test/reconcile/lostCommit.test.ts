/** The connection is lost with the COMMIT: what became of it is read from the journal beside the effect. */
import net from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach((context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
});

/** Lets everything pass until a client's message holds `word`: that one is delivered or not, and the connection is cut. */
async function cutting(port: number, word: string, delivered: boolean) {
  let armed = true;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    upstream.on('data', (data) => client.write(data)).on('close', () => client.destroy());
    client.on('close', () => upstream.end());
    client.on('data', (data) => {
      if (!armed || !data.includes(word)) return void upstream.write(data);
      armed = false;
      client.pause();
      if (delivered) upstream.write(data, () => client.resetAndDestroy());
      else {
        client.resetAndDestroy();
        upstream.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

it.each([
  ['delivered', true],
  ['not delivered', false],
] as const)('a lost COMMIT that was %s is told as it was', { timeout: 60_000 }, async (_, delivered) => {
  await using database = await testDatabase('postgres15');
  const url = new URL(database.url);
  await using proxy = await cutting(Number(url.port), 'CREATE TABLE ward', delivered);
  url.port = String(proxy.port);
  // So that what passes can be read.
  url.searchParams.set('sslmode', 'disable');
  const folder = await writeFolder(test.folder, {
    '20260101000001_a.sql': '-- migrate:up\nCREATE TABLE patient (id int);\n-- migrate:down\nDROP TABLE patient;\n',
    '20260101000002_b.sql': '-- migrate:up\nCREATE TABLE ward (id int);\n-- migrate:down\nDROP TABLE ward;\n',
  });
  const { run: up } = await run(test.backend, adHoc(url.href, folder));
  expect(up.steps.map(({ outcome }) => outcome)).toEqual(
    // Both travel together.
    delivered ? ['succeeded', 'succeeded'] : ['rolledBack', 'notExecuted'],
  );
  expect(up.outcome).toBe(delivered ? 'succeeded' : 'interrupted');
  const there = await database.query("SELECT to_regclass('ward') IS NOT NULL AS there");
  expect(there).toEqual([{ there: delivered }]);
  if (delivered) return;
  const { run: again } = await run(test.backend, adHoc(database.url, folder));
  expect(again.outcome).toBe('succeeded');
  expect(again.steps.map(({ version }) => version)).toEqual(['20260101000001', '20260101000002']);
});

it.each([
  ['delivered', true],
  ['not delivered', false],
] as const)(
  'without a journal the history beside the effect tells of a COMMIT that was %s',
  { timeout: 60_000 },
  async (_, delivered) => {
    await using database = await testDatabase('postgres15');
    const url = new URL(database.url);
    const role = `limited_${url.pathname.slice(1)}`;
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'limited'`);
    try {
      await database.query(`GRANT CREATE ON SCHEMA public TO ${role}`);
      await using proxy = await cutting(Number(url.port), 'CREATE TABLE ward', delivered);
      const limited = new URL(url);
      [limited.port, limited.username, limited.password] = [String(proxy.port), role, 'limited'];
      limited.searchParams.set('sslmode', 'disable');
      const folder = await writeFolder(test.folder, {
        '20260101000001_a.sql': '-- migrate:up\nCREATE TABLE patient (id int);\n-- migrate:down\nDROP TABLE patient;\n',
        '20260101000002_b.sql': '-- migrate:up\nCREATE TABLE ward (id int);\n-- migrate:down\nDROP TABLE ward;\n',
      });
      const { run: up, records } = await run(test.backend, adHoc(limited.href, folder));
      expect(records.filter(({ type }) => type === 'warning')).toContainEqual(
        expect.objectContaining({ message: expect.stringContaining('No journal can be kept') }),
      );
      expect(up.steps.map(({ outcome }) => outcome)).toEqual(
        // Both travel together.
        delivered ? ['succeeded', 'succeeded'] : ['rolledBack', 'notExecuted'],
      );
      const there = await database.query("SELECT to_regclass('ward') IS NOT NULL AS there");
      expect(there).toEqual([{ there: delivered }]);
    } finally {
      await database.query(`DROP OWNED BY ${role}`);
      await database.query(`DROP ROLE ${role}`);
    }
  },
);
