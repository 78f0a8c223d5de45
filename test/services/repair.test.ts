/** Verifying and correcting a history, and the checksum explainer, on real databases of every engine. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeMigration } from '../../electron/services/describeMigration.ts';
import { explainChecksum } from '../../electron/services/explainChecksum.ts';
import { listRepairs, prepareRepair } from '../../electron/services/prepareRepair.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { type RepairAnswers, startRepair } from '../../electron/services/startRepair.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { verifyHistory } from '../../electron/services/verifyHistory.ts';
import type { RepairRequest } from '../../shared/model/repair.ts';
import { ProblemError } from '../../shared/problem.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const own = {
  '1.0.0_people.sql':
    '-- description: people\n-- lockkeeper:up\ncreate table people (id integer primary key); -- the first\n-- lockkeeper:down\ndrop table people;\n',
  '1.1.0_towns.sql':
    '-- lockkeeper:up\ncreate table towns (id integer primary key);\n-- lockkeeper:down\ndrop table towns;\n',
};
const ofDbmate = {
  '1_people.sql': '-- migrate:up\ncreate table people (id integer);\n-- migrate:down\ndrop table people;\n',
  '2_towns.sql': '-- migrate:up\ncreate table towns (id integer);\n-- migrate:down\ndrop table towns;\n',
  '3_streets.sql': '-- migrate:up\ncreate table streets (id integer);\n-- migrate:down\ndrop table streets;\n',
};

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );

async function repair(target: TargetRequest, requests: readonly RepairRequest[], answers: Partial<RepairAnswers> = {}) {
  const { context } = test.backend;
  const prepared = await prepareRepair(context, target, requests);
  return startRepair(context, prepared, {
    fingerprint: prepared.fingerprint,
    confirm: null,
    reason: 'agreed with the team',
    accept: [],
    ...answers,
  }).finished;
}

const edit = async (file: string, change: (text: string) => string) =>
  writeFile(file, change(await readFile(file, 'utf8')));

const findings = async (target: TargetRequest) =>
  (await verifyHistory(test.backend.context, target)).findings.map(({ kind, version }) => [kind, version]);

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('finds nothing where nothing is wrong, and names changed, missing and late files', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, own);
    const target = adHoc(database.url, source);
    await run(test.backend, target);
    const clean = await verifyHistory(test.backend.context, target);
    expect(clean).toMatchObject({ findings: [], verified: 2, journaled: true });

    await edit(path.join(source, '1.0.0_people.sql'), (text) => text.replace('id integer', 'id bigint'));
    await rm(path.join(source, '1.1.0_towns.sql'));
    await writeFile(path.join(source, '1.0.5_late.sql'), 'create table late (id integer);\n');
    expect(await findings(target)).toEqual([
      ['changed', '1.0.0'],
      ['missing', '1.1.0'],
    ]);
    await rename(path.join(source, '1.0.5_late.sql'), path.join(source, '0.9.0_late.sql'));
    expect(await findings(target)).toContainEqual(['outOfOrder', '0.9.0']);
  });

  it('explains a difference by the text as it was run, and corrects the checksum once that is accepted', async () => {
    await using database = await testDatabase(engine);
    const { context } = test.backend;
    const source = await writeFolder(test.folder, own);
    const file = path.join(source, '1.0.0_people.sql');
    const target = adHoc(database.url, source);
    await run(test.backend, target);

    await edit(file, (text) => text.replace('-- the first', '-- the very first'));
    expect(await explainChecksum(context, target, '1.0.0')).toMatchObject({
      kind: 'comments',
      appliedText: expect.stringContaining('-- the first'),
      currentText: expect.stringContaining('-- the very first'),
      shortened: false,
    });
    const [offer] = (await listRepairs(context, target)).offers;
    expect(offer).toMatchObject({ action: 'updateChecksum', version: '1.0.0', difference: { kind: 'comments' } });
    const one: RepairRequest = { action: 'updateChecksum', version: '1.0.0' };
    expect(await repair(target, [one])).toMatchObject({ action: 'repair', outcome: 'succeeded', problem: null });
    expect(await findings(target)).toEqual([]);

    await edit(file, (text) => text.replace('id integer', 'id bigint'));
    expect((await describeMigration(context, target, '1.0.0')).difference).toMatchObject({ kind: 'sql' });
    expect(await problemOf(repair(target, [one]))).toMatchObject({ code: 'gate.hazard' });
    expect(await problemOf(repair(target, [{ action: 'updateChecksums' }], { accept: ['changedSql'] }))).toMatchObject({
      code: 'gate.hazard',
      hint: expect.stringContaining('allChecksums'),
    });
    const done = await repair(target, [{ action: 'updateChecksums' }], { accept: ['changedSql', 'allChecksums'] });
    expect(done.steps.map((step) => [step.version, step.action, step.outcome])).toEqual([
      ['1.0.0', 'updateChecksum', 'succeeded'],
    ]);
    expect(await findings(target)).toEqual([]);
  });

  it('marks as rolled back and as applied, with the journal agreeing', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, ofDbmate));
    await run(test.backend, target);
    const last = '3';
    await repair(target, [{ action: 'markReverted', version: last }]);
    expect(await readStatus(test.backend.context, target)).toMatchObject({ current: '2', pending: 1 });
    expect(await findings(target)).toEqual([]);
    await repair(target, [{ action: 'markApplied', version: last }]);
    expect(await readStatus(test.backend.context, target)).toMatchObject({ current: '3', pending: 0 });
    expect(await findings(target)).toEqual([]);
    expect(await problemOf(repair(target, [{ action: 'markApplied', version: last }]))).toMatchObject({
      code: 'repair.notNeeded',
    });
  });

  it('sees what another program did to the history, and settles it', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, ofDbmate));
    await run(test.backend, target);
    await removeRow(engine, database, '2');
    expect(await findings(target)).toEqual([['journal', '2']]);
    expect((await listRepairs(test.backend.context, target)).offers.map((offer) => offer.action)).toEqual([
      'markApplied',
      'markReverted',
    ]);
    await repair(target, [{ action: 'markReverted', version: '2' }]);
    expect(await findings(target)).toEqual([]);
    expect(await readStatus(test.backend.context, target)).toMatchObject({ pending: 1 });
  });

  it('takes an existing database over from a version on', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, own));
    const done = await repair(target, [{ action: 'baseline', version: '1.0.0' }]);
    expect(done).toMatchObject({ action: 'baseline', outcome: 'succeeded' });
    expect(await readStatus(test.backend.context, target)).toMatchObject({
      current: '1.0.0',
      pending: 1,
      counts: { baseline: 1, pending: 1 },
    });
    expect(await findings(target)).toEqual([]);
  });

  it('removes a failed entry, so that the migration is pending again', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, {
      '1.0.0_a.sql':
        '-- lockkeeper: no-transaction\n-- lockkeeper:up\ncreate table a (id integer);\ninsert into nowhere values (1);\n',
    });
    const target = adHoc(database.url, source);
    await run(test.backend, target);
    expect(await findings(target)).toEqual([['failed', '1.0.0']]);
    await repair(target, [{ action: 'removeFailed', version: '1.0.0' }]);
    expect(await readStatus(test.backend.context, target)).toMatchObject({ counts: { pending: 1, failed: 0 } });
  });

  it('asks for the gate of the environment as a run does', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, ofDbmate), 'production');
    await run(test.backend, target, {
      confirm: (await nameOf(target)) ?? '',
      reason: 'first',
      backup: false,
      accept: ['notRehearsed'],
    });
    const one: RepairRequest = { action: 'markReverted', version: '3' };
    expect(await problemOf(repair(target, [one]))).toMatchObject({ code: 'gate.confirmation' });
    const name = await nameOf(target);
    expect(await problemOf(repair(target, [one], { confirm: name, reason: ' ' }))).toMatchObject({
      code: 'gate.reason',
    });
    // There is no pg_dump of version 18 here.
    const backup = engine !== 'postgres18';
    const done = await repair(target, [one], { confirm: name, backup });
    expect(done.outcome).toBe('succeeded');
    expect(done.backup?.level).toBe(backup ? 'proven' : undefined);
  });

  it('is refused once the history is another than the one shown', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, ofDbmate));
    await run(test.backend, target);
    const { context } = test.backend;
    const prepared = await prepareRepair(context, target, [{ action: 'markReverted', version: '3' }]);
    await run(test.backend, target, { wanted: { direction: 'down' } });
    const answers = { fingerprint: prepared.fingerprint, confirm: null, reason: 'late', accept: [] };
    expect((await startRepair(context, prepared, answers).finished).problem).toMatchObject({ code: 'plan.stale' });
  });
});

async function nameOf(target: TargetRequest): Promise<string | null> {
  return (await readStatus(test.backend.context, target)).environment;
}

async function removeRow(engine: string, database: Awaited<ReturnType<typeof testDatabase>>, version: string) {
  const sql = `delete from schema_migrations where version = '${version}'`;
  await database.query(engine === 'sqlite' ? `${sql} returning version` : sql);
}

describe('what a history table cannot hold', () => {
  it('is told with the tools that could', async () => {
    await using database = await testDatabase('sqlite');
    const target = adHoc(database.url, await writeFolder(test.folder, ofDbmate));
    await run(test.backend, target);
    expect(await problemOf(repair(target, [{ action: 'force', version: '2' }]))).toMatchObject({
      code: 'repair.unsupported',
    });
  });
});

describe('a tool that hashes bytes', () => {
  it('is known to have only other line ends, also where its text was not kept', async (context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase('postgres15');
    const source = await writeFolder(test.folder, {
      '20260101000000_a.up.sql': 'create table a (id integer);\ncreate table b (id integer);\n',
    });
    const target: TargetRequest = { ...adHoc(database.url, source), overrides: { path: source, tool: 'dcms' } };
    await run(test.backend, target);
    await database.query('drop schema lockkeeper cascade');
    await edit(path.join(source, '20260101000000_a.up.sql'), (text) => text.replaceAll('\n', '\r\n'));
    expect(await explainChecksum(test.backend.context, target, '20260101000000')).toMatchObject({
      kind: 'lineEndings',
      appliedText: null,
    });
    await edit(path.join(source, '20260101000000_a.up.sql'), (text) => text.replace('b (id', 'c (id'));
    expect(await explainChecksum(test.backend.context, target, '20260101000000')).toMatchObject({ kind: 'unknown' });
  });
});
