/** Drift: what was changed beside the migrations is found, and accepted, kept as a migration, or undone by one. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compareSchemas } from '../../electron/services/compareSchemas.ts';
import { acceptDrift, findDrift } from '../../electron/services/findDrift.ts';
import { planMigration } from '../../electron/services/planMigration.ts';
import { verifyHistory } from '../../electron/services/verifyHistory.ts';
import { writeDifference } from '../../electron/services/writeDifference.ts';
import { usualComparison } from '../../shared/model/snapshot.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const files = {
  '1_people.sql':
    '-- migrate:up\ncreate table people (id integer primary key, name varchar(50) not null);\n-- migrate:down\ndrop table people;\n',
};

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('is not there after a run, is found after a change by hand, and is gone when accepted', async () => {
    await using database = await testDatabase(engine);
    const { context } = test.backend;
    const folder = await writeFolder(test.folder, files);
    const target = adHoc(database.url, folder);
    expect((await findDrift(context, target)).recorded).toBeNull();
    await run(test.backend, target);
    const after = await findDrift(context, target);
    expect(after).toMatchObject({ changes: [], recorded: { version: '1', why: { kind: 'run' } } });
    await database.query('create index people_name on people (name)');
    const found = await findDrift(context, target);
    expect(found.changes.map((one) => one.change)).toEqual(['added']);
    await writeFile(
      join(folder, '2_towns.sql'),
      '-- migrate:up\ncreate table towns (id integer);\n-- migrate:down\ndrop table towns;\n',
    );
    const { plan } = await planMigration(context, target, { direction: 'up' });
    expect(plan.warnings.map((one) => one.code)).toEqual(['plan.drift']);
    const { findings } = await verifyHistory(context, target, { schema: true });
    expect(findings.map((one) => one.kind)).toEqual(['drift']);
    await expect(acceptDrift(context, target, ' ')).rejects.toMatchObject({ problem: { code: 'gate.reason' } });
    expect((await acceptDrift(context, target, 'made by hand')).changes).toEqual([]);
    expect((await findDrift(context, target)).recorded?.why).toMatchObject({
      kind: 'accepted',
      reason: 'made by hand',
    });
  });

  it('becomes a migration that takes it back', async () => {
    await using database = await testDatabase(engine);
    const { context } = test.backend;
    const folder = await writeFolder(test.folder, files);
    const target = adHoc(database.url, folder);
    await run(test.backend, target);
    await database.query('create table stray (id integer primary key)');
    const written = await writeDifference(context, target, { name: 'drop stray', direction: 'undo' });
    expect(written.unwritten).toEqual([]);
    const text = await readFile(join(folder, written.files[0] ?? ''), 'utf8');
    expect(text).toMatch(/migrate:up[\s\S]*DROP TABLE[\s\S]*migrate:down[\s\S]*CREATE TABLE/);
    await run(test.backend, target);
    const before = `history:1`;
    const compared = await compareSchemas(context, {
      before,
      after: `history:${written.version}`,
      target,
      ignoring: usualComparison,
      files: false,
    });
    expect(compared.changes).toEqual([]);
  });

  it('becomes a migration that another environment gets', async () => {
    await using database = await testDatabase(engine);
    await using other = await testDatabase(engine);
    const { context } = test.backend;
    const folder = await writeFolder(test.folder, files);
    const target = adHoc(database.url, folder);
    await run(test.backend, target);
    await database.query('alter table people add column town varchar(20)');
    await writeDifference(context, target, { name: 'add town', direction: 'keep' });
    await run(test.backend, adHoc(other.url, folder));
    await other.query("insert into people (id, name, town) values (1, 'Ada', 'London')");
    expect(await other.query('select town from people')).toMatchObject([{ town: 'London' }]);
  });
});
