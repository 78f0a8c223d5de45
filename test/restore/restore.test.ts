/** Restoring on real databases of every engine: what was there comes back, what was replaced is kept, and undo works. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readStatus } from '../../electron/services/readStatus.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { change, contentOf, engines, fill } from './databases.ts';
import { plan, restore, undo, wanted } from './support.ts';

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
    await expect(undo(context, restored, target)).rejects.toMatchObject({ problem: { code: 'restore.notUndoable' } });
  });
});
