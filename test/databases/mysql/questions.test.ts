// Questions that are asked together share a message; each is answered as if it had been asked alone.
import { describe, expect, test } from 'vitest';
import { startProxy } from '../../bench/proxy.ts';
import { mariadb } from '../../servers/index.ts';
import { controls, faultOf, type OpenSession, open, recorder } from './support.ts';

/** A session on an empty database, over a connection whose round trips are counted. */
async function counted(): Promise<OpenSession & { takeRoundTrips(): number }> {
  const server = await mariadb();
  const stack = new AsyncDisposableStack();
  const database = stack.use(await server.createDatabase());
  const proxy = stack.use(await startProxy(server, 0));
  const { session } = stack.use(await open({ server, database: database.name }, {}, { port: proxy.port }));
  proxy.takeRoundTrips();
  return {
    session,
    takeRoundTrips: () => proxy.takeRoundTrips(),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe('questions asked together', () => {
  test('take one round trip, and answer as they do alone', async () => {
    await using opened = await counted();
    const { session, takeRoundTrips } = opened;
    await session.query('CREATE TABLE t (a INT PRIMARY KEY, big BIGINT UNSIGNED, word VARCHAR(20), raw BLOB)');
    takeRoundTrips();
    const questions: [string, (string | number | null)[]][] = [
      ["INSERT INTO t VALUES (1, 18446744073709551615, $1, X'00ff')", ["it's \\ $1; -- é"]],
      ['SELECT * FROM t', []],
      ['SELECT a FROM t WHERE a = $1 -- nobody', [7]],
      ['SELECT NULL AS nothing, $1 AS text, $2 AS empty', ['a;b', '']],
    ];
    const together = await Promise.all(questions.map(([sql, values]) => session.query(sql, values)));
    expect(takeRoundTrips()).toBe(1);
    await session.query('DELETE FROM t');
    const alone = [];
    for (const [sql, values] of questions) alone.push(await session.query(sql, values));
    expect(together).toEqual(alone);
    expect(together[1]).toEqual([{ a: 1, big: '18446744073709551615', word: "it's \\ $1; -- é", raw: '0x00ff' }]);
  });

  test('a failure is of its own question, and nothing is carried out twice or left out', async () => {
    await using opened = await counted();
    const { session, takeRoundTrips } = opened;
    await session.query('CREATE TABLE t (a INT)');
    takeRoundTrips();
    const [first, second, third, fourth] = await Promise.allSettled([
      session.query('INSERT INTO t VALUES (1)'),
      session.query('SELECT * FROM absent'),
      session.query('INSERT INTO t VALUES (2)'),
      session.query('SELECT a FROM t ORDER BY a'),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { kind: 'noSuchTable' } });
    expect(third.status).toBe('fulfilled');
    expect(fourth).toMatchObject({ value: [{ a: 1 }, { a: 2 }] });
    expect(takeRoundTrips()).toBe(2);
  });

  test('one that answers several times, or that cannot be read, is told from its neighbours', async () => {
    await using opened = await counted();
    const { session } = opened;
    await session.query('CREATE PROCEDURE p() BEGIN SELECT 1 AS a; SELECT 2 AS a; END');
    const settled = await Promise.allSettled([
      session.query('SELECT 0 AS a'),
      session.query('CALL p()'),
      session.query('SELECT 3 AS a; SELECT 4 AS a'),
      session.query('SELECT 5 AS a'),
      session.query("SELECT 'open"),
      session.query("SELECT 'shut' AS a"),
    ]);
    expect(settled).toMatchObject([
      { value: [{ a: 0 }] },
      { value: [{ a: 1 }, { a: 2 }] },
      { value: [{ a: 3 }, { a: 4 }] },
      { value: [{ a: 5 }] },
      { reason: { code: '1064', message: expect.stringContaining('at line 1') } },
      { value: [{ a: 'shut' }] },
    ]);
  });

  test('come before what is sent after them', async () => {
    await using opened = await counted();
    const { session } = opened;
    const observer = recorder();
    const [, , [after]] = await Promise.all([
      session.query('SET @order = 1'),
      session.send(controls('SET @order = @order * 10', 'SELECT @order'), observer),
      session.query('SELECT @order AS found'),
    ]);
    expect(observer.results.at(-1)?.resultSet?.rows).toEqual([['10']]);
    expect(after).toEqual({ found: 10 });
  });

  test('are not sent when they are cancelled before', async () => {
    await using opened = await counted();
    const { session, takeRoundTrips } = opened;
    const asked = faultOf(session.query('SELECT 1'));
    await session.cancel();
    expect(await asked).toMatchObject({ kind: 'cancelled' });
    expect(takeRoundTrips()).toBe(0);
    expect(await session.query('SELECT 2 AS two')).toEqual([{ two: 2 }]);
  });
});
