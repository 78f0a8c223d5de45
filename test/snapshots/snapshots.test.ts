/** Snapshots of real databases: a change of every kind of object is told, and written as SQL it leads there and back. */
import { beforeEach, describe, expect, it } from 'vitest';
import { compareSnapshots, snapshotSha256 } from '../../electron/engine/compareSnapshots.ts';
import type { Session, Unit } from '../../electron/engine/ports.ts';
import { reversed, writeSchemaScript } from '../../electron/engine/schemaScript.ts';
import { type SnapshotComparison, usualComparison } from '../../shared/model/snapshot.ts';
import { type Engine, engines } from '../conformance/drivers.ts';
import { options } from '../conformance/sessionOptions.ts';
import { skipBecause } from '../setup/skip.ts';
import { schemaCases } from './changes.ts';

const everything: SnapshotComparison = { ...usualComparison, owners: false, generatedNames: false };

async function run(session: Session, statements: readonly string[]): Promise<void> {
  // Each alone: several in one message would be one transaction.
  for (const sql of statements)
    await session.send([{ kind: 'control', sql } satisfies Unit], {
      completed: () => undefined,
      notice: () => undefined,
    });
}

/** Statements of a test have no semicolon inside, but for bodies of routines and triggers. */
const split = (sql: string): string[] => (/\bBEGIN\b/.test(sql) ? [sql] : sql.split('; '));

describe.each(engines)('on $name', (engine: Engine) => {
  const { driver } = engine;
  const { schema, changes } = schemaCases[driver.id];

  beforeEach((context) => {
    const reason = engine.missing();
    if (reason !== undefined) skipBecause(context, reason);
  });

  it.each(changes)('tells $what $told.0', async ({ sql, told: [change, kind], unwritten }) => {
    await using database = await engine.createDatabase();
    const session = await driver.connect(database.connection, { ...options, password: database.password });
    try {
      await run(session, schema);
      const before = await driver.readSnapshot(session, []);
      expect(snapshotSha256(await driver.readSnapshot(session, []))).toBe(snapshotSha256(before));
      await run(session, sql.flatMap(split));
      const after = await driver.readSnapshot(session, []);
      const forth = compareSnapshots(before, after, everything).changes;
      expect(
        forth.map((one) => [one.change, one.change === 'removed' ? one.before.kind : one.after.kind]),
      ).toContainEqual([change, kind]);
      await follow(session, reversed(forth), unwritten === 'back' || unwritten === 'both');
      if (unwritten === 'back' || unwritten === 'both') return;
      expect(compareSnapshots(before, await driver.readSnapshot(session, []), everything).changes).toEqual([]);
      await follow(session, forth, unwritten === 'forth');
      if (unwritten === 'forth') return;
      expect(compareSnapshots(after, await driver.readSnapshot(session, []), everything).changes).toEqual([]);
    } finally {
      await session.close();
    }
  });

  async function follow(session: Session, way: Parameters<typeof writeSchemaScript>[0], needsPerson: boolean) {
    const { statements, unwritten } = writeSchemaScript(way, driver.schemaWriter);
    if (needsPerson) expect(unwritten).not.toEqual([]);
    else {
      expect(unwritten).toEqual([]);
      await run(session, [driver.capabilities.transactionalDdl ? 'BEGIN' : 'SELECT 1', ...statements, 'COMMIT']);
    }
  }

  it('leaves out tables that are asked to be left out, and finds nothing in an empty database', async () => {
    await using database = await engine.createDatabase();
    const session = await driver.connect(database.connection, { ...options, password: database.password });
    try {
      await run(session, ['CREATE TABLE history (id int)']);
      const kinds = (await driver.readSnapshot(session, [{ schema: null, name: 'history' }])).map((one) => one.kind);
      expect(kinds.filter((kind) => kind !== 'schema')).toEqual([]);
    } finally {
      await session.close();
    }
  });
});
