import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportAudit, verifyAudit } from '../../electron/services/auditTrail.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const script = { '1_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\ndrop table a;\n' };

/** Behind the back of the log's own triggers, as whoever may write the file can. */
function tamper(backend: TestBackend, sql: string): void {
  const database = new Database(path.join(backend.folder, 'data', 'workspace.db'));
  for (const name of ['audit_is_never_changed', 'audit_is_never_deleted']) database.exec(`DROP TRIGGER ${name}`);
  database.exec(sql);
  database.close();
}

describe.each(engines)('on %s', (engine) => {
  it('a database keeps where the log was when a run began, and tells when its end was cut off', async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using own = await testBackend();
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(own.folder, script));
    expect((await run(own.backend, target)).run.outcome).toBe('succeeded');
    const question = { target, file: null };
    const report = await verifyAudit(own.backend.context, question);
    expect(report).toMatchObject({ anchors: 1, findings: [] });
    expect(report.entries).toBeGreaterThan(1);
    tamper(own, 'DELETE FROM audit');
    expect((await verifyAudit(own.backend.context, question)).findings).toMatchObject([{ kind: 'cutOff' }]);
    // Another computer's log is not judged by what this one has written.
    expect(await verifyAudit(test.backend.context, question)).toMatchObject({ anchors: 0, findings: [] });
  });
});

it('a changed entry and a removed one are found, and so is a log that an export tells otherwise', async () => {
  await using own = await testBackend();
  const { context } = own.backend;
  for (const action of ['up', 'down', 'restore', 'up'])
    context.workspace.audit.append({
      at: '2026-11-20T10:00:00.000Z',
      actor: 'dba',
      action,
      environment: 'shop',
      run: null,
      detail: {},
    });
  const file = path.join(own.folder, 'receipt.json');
  await writeFile(file, JSON.stringify(await exportAudit(context)));
  expect((await verifyAudit(context, { target: null, file })).findings).toEqual([]);
  tamper(own, "UPDATE audit SET actor = 'nobody' WHERE id = 2; DELETE FROM audit WHERE id = 4");
  expect((await verifyAudit(context, { target: null, file: null })).findings).toMatchObject([
    { kind: 'broken', entry: 2 },
  ]);
  expect((await verifyAudit(context, { target: null, file })).findings).toContainEqual(
    expect.objectContaining({ kind: 'cutOff', entry: 4 }),
  );
  const forged = (await readFile(file, 'utf8')).replace('"restore"', '"nothing"');
  await writeFile(file, forged);
  expect((await verifyAudit(context, { target: null, file })).findings).toContainEqual(
    expect.objectContaining({ kind: 'broken', entry: 3, detail: expect.stringContaining('exported file') }),
  );
});

/** What somebody may do to the stored entry, in SQL; and whether its own chain shows that without a witness. */
const harms: readonly (readonly [string, (id: number) => string, boolean])[] = [
  ['changed', (id) => `UPDATE audit SET detail = '{"forged":true}' WHERE id = ${id}`, true],
  ['given another hash', (id) => `UPDATE audit SET hash = '${'0'.repeat(64)}' WHERE id = ${id}`, true],
  ['removed', (id) => `DELETE FROM audit WHERE id = ${id}`, false],
  ['the first of a cut', (id) => `DELETE FROM audit WHERE id >= ${id}`, false],
  [
    'exchanged with the next',
    (id) => `UPDATE audit SET id = -1 WHERE id = ${id}; UPDATE audit SET id = ${id} WHERE id = ${id + 1};
      UPDATE audit SET id = ${id + 1} WHERE id = -1`,
    true,
  ],
];

it('each entry of the stored log that is changed, removed, exchanged or cut off is found', async () => {
  await using own = await testBackend();
  const { context } = own.backend;
  const count = 8;
  for (let entry = 1; entry <= count; entry += 1)
    context.workspace.audit.append({
      at: `2026-11-20T10:00:0${entry}.000Z`,
      actor: 'dba',
      action: 'up',
      environment: 'shop',
      run: null,
      detail: { entry },
    });
  const file = path.join(own.folder, 'receipt.json');
  await writeFile(file, JSON.stringify(await exportAudit(context)));
  const found = async (witness: boolean) =>
    (await verifyAudit(context, { target: null, file: witness ? file : null })).findings;
  tamper(own, 'CREATE TABLE kept AS SELECT * FROM audit');
  const restore = (sql: string) => {
    const database = new Database(path.join(own.folder, 'data', 'workspace.db'));
    database.exec(sql);
    database.close();
  };
  for (let id = 1; id <= count; id += 1)
    for (const [what, sql, alone] of harms) {
      if (what === 'exchanged with the next' && id === count) continue;
      restore(sql(id));
      expect(await found(true), `${id} ${what}`).not.toEqual([]);
      if (alone)
        expect(await found(false), `${id} ${what}`).toContainEqual(expect.objectContaining({ kind: 'broken' }));
      restore('DELETE FROM audit; INSERT INTO audit SELECT * FROM kept');
    }
  expect(await found(true)).toEqual([]);
});

it('a file that is no export is refused with a remedy', async () => {
  const file = path.join(test.folder, 'other.json');
  for (const text of ['', '{}', '[1]']) {
    await writeFile(file, text);
    await expect(verifyAudit(test.backend.context, { target: null, file })).rejects.toMatchObject({
      problem: { code: 'usage.invalid', path: file },
    });
  }
});
