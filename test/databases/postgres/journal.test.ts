import { expect, test } from 'vitest';
import { journal } from '../../../electron/databases/postgres/journal.ts';
import type { JournalRun, JournalStep } from '../../../electron/engine/ports.ts';
import { announced } from '../../conformance/announced.ts';
import { control, expectFault, faultOf, listen } from '../../conformance/sessions.ts';
import { postgres15 } from '../../servers/index.ts';
import { openUrl } from './support.ts';

const runOf = (id: string, historyTable: string): JournalRun => ({
  ...{ id, action: 'up', actor: 'tester', host: 'here', process: '42' },
  ...{ fingerprint: 'f', tool: 'dbmate', historyTable, backend: '1', versions: [], resumes: null, auditHead: null },
});

const stepOf = (runId: string): JournalStep => ({
  runId,
  step: 0,
  version: '1',
  action: 'apply',
  sha256: 's',
  statements: 1,
});

test('a run that slept while another one began can write no more steps, and its transaction fails', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url);
  await journal.prepare(session);
  const write = (...sqls: readonly string[]) => session.send(control(...sqls), listen());
  await write(...journal.runStarted(runOf('sleeper', 'a')), ...journal.stepIntent(stepOf('sleeper'), announced(0)));
  await write(...journal.runStarted(runOf('tenant', 'b')));
  await write(...journal.statementIntent(stepOf('sleeper'), announced(0)));
  await write(...journal.runStarted(runOf('newer', 'a')));
  const late = write('BEGIN', 'CREATE TABLE patient (id integer)', ...journal.stepDone(stepOf('sleeper')), 'COMMIT');
  expect((await faultOf(late)).message).toContain('run_was_superseded');
  await write('ROLLBACK');
  expect(await session.columns({ schema: null, name: 'patient' })).toBeNull();
  await write(...journal.stepDone(stepOf('newer')), ...journal.stepDone(stepOf('tenant')));
});

test('a step of a run that the journal does not know cannot be written', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url);
  await journal.prepare(session);
  await expectFault(session.send(control(...journal.stepDone(stepOf('nobody'))), listen()), 'lockLost');
});

test('a statement’s state before it is kept', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url);
  await journal.prepare(session);
  await session.send(
    control(
      ...journal.runStarted(runOf('run', 'a')),
      ...journal.statementIntent(stepOf('run'), announced(0, "'ab' || 'sent'")),
    ),
    listen(),
  );
  expect(await session.query('SELECT probe_before, state, statement FROM lockkeeper.step')).toEqual([
    { probe_before: 'absent', state: 'sent', statement: 0 },
  ]);
});

test('only what is missing is created', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url);
  await journal.prepare(session);
  await session.send(control(...journal.runStarted(runOf('run', 'a')), 'DROP TABLE lockkeeper.step'), listen());
  await journal.prepare(session);
  expect(await session.query('SELECT id FROM lockkeeper.run')).toEqual([{ id: 'run' }]);
  expect(await journal.readSteps(session, 'run')).toEqual([]);
});

test('missing rights are told as such: to create the journal, and to write one that is there', async () => {
  const server = await postgres15();
  await using database = await server.createDatabase();
  const clerk = await server.createUser();
  await using session = await openUrl(server.url(database.name, clerk));
  await expectFault(journal.prepare(session), 'rights');
  await using owner = await openUrl(database.url);
  await journal.prepare(owner);
  const fault = await faultOf(journal.prepare(session));
  expect(fault).toMatchObject({ kind: 'rights', detail: expect.stringContaining('GRANT USAGE ON SCHEMA lockkeeper') });
  await owner.send(control(...(fault.detail ?? '').split('; ')), listen());
  await journal.prepare(session);
});
