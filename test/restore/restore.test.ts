/** Restoring on real databases of every engine: what was there comes back, what was replaced is kept, and undo works. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readStatus } from '../../electron/services/readStatus.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { change, contentOf, engines, fill } from './databases.ts';
import { backUp, plan, restore, undo, wanted } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const migrations = {
  '20260101000001_beds.sql':
    '-- migrate:up\ncreate table bed (id integer primary key);\ninsert into bed values (1);\n-- migrate:down\ndrop table bed;\n',
  '20260101000002_broken.sql':
    '-- migrate:up transaction:false\ncreate table half (id integer primary key);\nselect * from nowhere;\n-- migrate:down\n',
};

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('brings rows and schema back after a failed migration, history included', async () => {
    const { context } = test.backend;
    await using database = await testDatabase(engine);
    await fill(engine, database);
    const target = adHoc(database.url, await writeFolder(test.folder, migrations));
    const before = await contentOf(engine, database);
    const { run: failed } = await run(test.backend, target, { backup: true });
    expect(failed.problem).toMatchObject({ code: 'database.statementFailed' });
    expect(failed.next).toContain(`lockkeeper restore ${failed.backup?.id}`);
    await change(database, "INSERT INTO patient (name, ward) VALUES ('lost', 1)");
    const backup = context.workspace.backups.get(failed.backup?.id ?? '');
    if (backup === null) throw new Error('the run took a backup');

    const shown = await plan(context, wanted(target, backup));
    expect(shown.problems).toEqual([]);
    expect(shown.takenAt).toBe(backup.takenAt);
    expect(backup.applied).toEqual([]);
    // This history keeps no times.
    expect(shown.migrationsSince).toEqual([{ version: '20260101000001', name: 'beds', appliedAt: null }]);
    expect(shown.rows.find(({ table }) => /\bpatient$/.test(table))).toMatchObject({
      inBackup: { rows: 500, source: 'counted' },
      now: { rows: 501 },
    });
    const restored = await restore(context, wanted(target, backup));
    expect(restored.problem).toBeNull();
    expect(restored.outcome).toBe('succeeded');
    expect(restored.finishedPhases).toEqual(['prepare', 'lock', 'restore', 'verify', 'swap']);
    expect(restored.restore).toMatchObject({ stage: 'swapped', backup: backup.id });
    expect(await contentOf(engine, database)).toEqual(before);
    const status = await readStatus(context, target);
    expect(status).toMatchObject({ current: null, pending: 2 });
    // What the trigger does, it does again.
    await change(database, "INSERT INTO patient (name, ward) VALUES ('new', 2)");
    expect(await database.query('SELECT entry FROM log')).toEqual([{ entry: 'new' }]);

    const undone = await undo(context, restored, target);
    expect(undone.problem).toBeNull();
    expect(undone.restore?.stage).toBe('undone');
    expect(await database.query("SELECT name FROM patient WHERE name IN ('lost', 'new')")).toEqual([{ name: 'lost' }]);
    expect(await database.query('SELECT id FROM bed')).toEqual([{ id: 1 }]);
    expect((await readStatus(context, target)).counts.applied).toBe(1);
    const { applied: _, ...older } = backup;
    context.workspace.backups.update(older);
    expect((await plan(context, wanted(target, backup))).migrationsSince).toBeNull();
    await expect(undo(context, restored, target)).rejects.toMatchObject({ problem: { code: 'restore.notUndoable' } });
  });
});

it('tells migrations that another program or another computer applied since', async () => {
  const { context } = test.backend;
  await using elsewhere = await testBackend();
  await using database = await testDatabase('sqlite');
  const people = (n: number) => ({
    [`V${n}__part_${n}.sql`]: `create table part_${n} (id integer primary key);\n`,
  });
  const flyway = async (files: Record<string, string>): Promise<TargetRequest> => ({
    kind: 'adHoc',
    url: database.url,
    overrides: { path: await writeFolder(test.folder, files), tool: 'flyway' },
  });
  await run(test.backend, await flyway(people(1)));
  const both = await flyway({ ...people(1), ...people(2) });
  const backup = await backUp(context, both);
  expect((await plan(context, wanted(both, backup))).migrationsSince).toEqual([]);
  expect((await run(elsewhere.backend, both)).run.outcome).toBe('succeeded');
  const shown = await plan(context, wanted(both, backup));
  expect(shown.runsSince).toEqual([]);
  expect(shown.migrationsSince).toEqual([
    { version: '2', name: expect.stringMatching(/part.2/), appliedAt: expect.stringMatching(/^20\d\d-/) },
  ]);
});
