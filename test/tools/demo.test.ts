import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDatabase, sqliteDriver } from '../../electron/databases/sqlite/index.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { read, samples } from './reading.ts';
import { type Bench, run, send } from './running.ts';

const objects = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'lockkeeper_history'";

test('the demo can be applied on SQLite, has rows to look at, and can be rolled back to nothing', async () => {
  await using folder = await folderOf();
  const file = join(folder.path, 'demo.db');
  await createDatabase(file);
  const session = await sqliteDriver.connect(
    { engine: 'sqlite', file },
    { password: null, applicationName: 'demo', readOnly: false, connectTimeoutMs: 20_000, lockTimeoutMs: 20_000 },
  );
  const root = join(samples, 'demo');
  const history = toolFor('lockkeeper').history('sqlite', sqliteDriver.dialect, null);
  const bench: Bench = { session, driver: sqliteDriver, root, history };
  const { source } = await read('lockkeeper', root, 'sqlite');
  try {
    await send(session, history.create());
    for (const migration of source.migrations)
      expect(await run(bench, migration, 'apply')).toMatchObject({ problem: null });
    const [counts] = await session.query(
      'SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM order_lines) AS lines, (SELECT sum(total_cents) FROM order_totals) AS worth',
    );
    expect(counts).toMatchObject({ orders: 400, lines: 1067 });
    expect(Number(counts?.worth)).toBeGreaterThan(0);
    for (const migration of source.migrations.toReversed())
      expect(await run(bench, migration, 'revert')).toMatchObject({ problem: null });
    expect(await session.query(objects)).toEqual([]);
    expect((await history.read(session))?.map(({ state }) => state)).toEqual(source.migrations.map(() => 'reverted'));
  } finally {
    await session.close();
  }
});
