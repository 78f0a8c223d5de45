import { expect, test } from 'vitest';
import { sqliteDriver } from '../../../electron/databases/sqlite/index.ts';
import type { JournalRun, JournalStep } from '../../../electron/engine/ports.ts';
import { announced } from '../../conformance/announced.ts';
import { control, emptyDatabase, failedSend, faultOf, openSession, send, statement } from './support.ts';

const { journal } = sqliteDriver;
const run = (id: string): JournalRun => ({
  id,
  action: 'up',
  actor: 'anna',
  host: 'here',
  process: '1',
  fingerprint: 'f',
  tool: 't',
  historyTable: 'h',
  backend: 'process 2',
  versions: [],
  resumes: null,
  auditHead: null,
});
const step = (runId: string, index: number): JournalStep => ({
  runId,
  step: index,
  version: '1.0',
  action: 'apply',
  sha256: 'ab',
  statements: 3,
});

test('is made only when missing, and an absent one reads as empty', async () => {
  const session = await openSession(await emptyDatabase());
  expect(await journal.readSteps(session, 'r')).toEqual([]);
  await journal.prepare(session);
  const version = await session.query('SELECT schema_version FROM pragma_schema_version');
  await journal.prepare(session);
  expect(await session.query('SELECT schema_version FROM pragma_schema_version')).toEqual(version);
});

test('two sessions may prepare at once', async () => {
  const file = await emptyDatabase();
  const sessions = await Promise.all([1, 2, 3, 4].map(() => openSession(file, { lockTimeoutMs: 5000 })));
  await Promise.all(sessions.map((session) => journal.prepare(session)));
});

test('a file that cannot be written has no journal, said as a matter of rights', async () => {
  const session = await openSession(await emptyDatabase(), { readOnly: true });
  expect((await faultOf(journal.prepare(session))).kind).toBe('rights');
});

test('tells of each step how far it came', async () => {
  const session = await openSession(await emptyDatabase());
  await journal.prepare(session);
  const entries = [
    ...journal.runStarted(run('r')),
    ...journal.stepIntent(step('r', 0), announced(0)),
    ...journal.statementIntent(
      step('r', 0),
      announced(1, sqliteDriver.control.probe('CREATE TABLE x (a)')?.state ?? null),
    ),
    ...journal.stepDone(step('r', 1)),
    ...journal.stepFailed(step('r', 2), "it's broken\0badly"),
  ];
  await send(session, ...entries.map(control));
  expect(await journal.readSteps(session, 'r')).toMatchObject([
    { step: 0, version: '1.0', state: 'intent', statement: 1, batch: null },
    { step: 1, version: '1.0', state: 'done', statement: 2, batch: null },
    { step: 2, version: '1.0', state: 'failed', statement: null, batch: null },
  ]);
  await send(session, ...journal.runFinished('r', 'succeeded').map(control));
  expect(await session.query('SELECT outcome, finished_at IS NOT NULL AS finished FROM lockkeeper_run')).toEqual([
    { outcome: 'succeeded', finished: 1 },
  ]);
});

test('a run that slept while another took over can write no more steps', async () => {
  const session = await openSession(await emptyDatabase());
  await journal.prepare(session);
  await send(
    session,
    ...[
      ...journal.runStarted(run('old')),
      ...journal.stepIntent(step('old', 0), announced(0)),
      ...journal.runStarted(run('new')),
    ].map(control),
  );
  const { fault } = await failedSend(
    session,
    control('BEGIN IMMEDIATE'),
    statement('CREATE TABLE t (a)'),
    ...journal.stepDone(step('old', 0)).map(control),
    control('COMMIT'),
  );
  expect(fault.message).toContain('run_was_superseded');
  await send(session, control('ROLLBACK'), ...journal.stepDone(step('new', 0)).map(control));
});
