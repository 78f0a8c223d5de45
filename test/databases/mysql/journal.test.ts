// The journal's tables on a real server. They are common to all databases of a server, as is the one in these tests.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { mysqlControl } from '../../../electron/databases/mysql/control.ts';
import { mysqlJournal as journal } from '../../../electron/databases/mysql/journal.ts';
import type { JournalRun, JournalStep } from '../../../electron/engine/ports.ts';
import { announced } from '../../conformance/announced.ts';
import { mariadb, startMariadb } from '../../servers/index.ts';
import { controls, faultOf, open, recorder } from './support.ts';

const newRun = (): JournalRun => ({
  id: randomUUID(),
  action: 'up',
  actor: "ann o'hara \\ é",
  host: 'desk',
  process: '4711',
  fingerprint: 'f'.repeat(64),
  tool: 'lockkeeper',
  historyTable: 'history',
  backend: '12 2026-01-01T00:00:00Z',
  versions: [],
  resumes: null,
  auditHead: null,
});

const stepOf = (run: JournalRun, step = 0): JournalStep => ({
  runId: run.id,
  step,
  version: '1.0',
  action: 'apply',
  sha256: 'a'.repeat(64),
  statements: 3,
});

describe('a run', () => {
  test('is followed from its first word to its last', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const { session } = opened;
    await journal.prepare(session);
    const run = newRun();
    const [first, second] = [stepOf(run, 0), stepOf(run, 1)];
    const say = (sql: string[]) => session.send(controls(...sql), recorder());
    await say([...journal.runStarted(run), ...journal.stepIntent(first, announced(0))]);
    expect(await journal.readSteps(session, run.id)).toMatchObject([
      { step: 0, version: '1.0', state: 'intent', statement: 0, batch: null },
    ]);
    await say(
      journal.statementIntent(first, announced(1, mysqlControl.probe('CREATE TABLE t (a INT)')?.state ?? null)),
    );
    expect(await journal.readSteps(session, run.id)).toMatchObject([
      { step: 0, version: '1.0', state: 'intent', statement: 1 },
    ]);
    expect(
      await session.query('SELECT probe_before AS probe FROM lockkeeper.step WHERE run_id = $1', [run.id]),
    ).toEqual([{ probe: 'absent' }]);
    await say([
      ...journal.stepDone(first),
      ...journal.stepFailed(second, "it's \\ broken é"),
      ...journal.runFinished(run.id, 'failed'),
    ]);
    expect(await journal.readSteps(session, run.id)).toMatchObject([{ state: 'done' }, { step: 1, state: 'failed' }]);
    expect(await session.query('SELECT error FROM lockkeeper.step WHERE run_id = $1 AND step = 1', [run.id])).toEqual([
      { error: "it's \\ broken é" },
    ]);
    expect(
      await session.query('SELECT actor, outcome, database_name AS db FROM lockkeeper.run WHERE id = $1', [run.id]),
    ).toEqual([{ actor: run.actor, outcome: 'failed', db: database.name }]);
  });

  test('raises the epoch of its history table, and of no other', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    await journal.prepare(opened.session);
    const runs = [newRun(), newRun(), { ...newRun(), historyTable: 'other' }];
    await opened.session.send(controls(...runs.flatMap((run) => journal.runStarted(run))), recorder());
    const rows = await opened.session.query(
      'SELECT epoch FROM lockkeeper.run WHERE database_name = DATABASE() ORDER BY history_table, epoch',
    );
    expect(rows).toEqual([{ epoch: 1 }, { epoch: 2 }, { epoch: 1 }]);
  });

  test('shares the transaction of its step', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    await journal.prepare(opened.session);
    const run = newRun();
    const { begin, rollback } = mysqlControl;
    await opened.session.send(
      controls(...journal.runStarted(run), ...begin, ...journal.stepDone(stepOf(run)), rollback),
      recorder(),
    );
    expect(await journal.readSteps(opened.session, run.id)).toEqual([]);
  });

  test('is written under any settings of a script', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    await journal.prepare(opened.session);
    const run = newRun();
    const step = stepOf(run);
    await opened.session.send(
      controls(
        "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,TRADITIONAL', sql_safe_updates = 1, sql_select_limit = 0",
        'SET NAMES latin1',
        'USE mysql',
        ...[
          journal.runStarted(run),
          journal.stepIntent(step, announced(0)),
          journal.statementIntent(step, announced(1)),
          journal.stepFailed(step, 'é'),
          journal.stepDone(step),
          journal.runFinished(run.id, 'succeeded'),
        ].flat(),
      ),
      recorder(),
    );
    await opened.session.send(controls(...mysqlControl.resetSession), recorder());
    expect(await opened.session.query('SELECT actor FROM lockkeeper.run WHERE id = $1', [run.id])).toEqual([
      { actor: run.actor },
    ]);
  });
});

describe('without a journal', () => {
  test('nothing was recorded; preparing says which right is missing', async () => {
    await using server = await startMariadb();
    await using database = await server.createDatabase();
    const account = await server.createUser();
    await server.query(`GRANT ALL ON ${database.name}.* TO ${account.user}`);
    await using opened = await open({ server, database: database.name, account });
    expect(await journal.readSteps(opened.session, 'none')).toEqual([]);
    const fault = await faultOf(journal.prepare(opened.session));
    expect(fault).toMatchObject({ kind: 'rights' });
    expect(fault.message).toContain(`GRANT ALL PRIVILEGES ON \`lockkeeper\`.* TO '${account.user}'@'%'`);

    // What the message says is enough, also for the second who prepares.
    await server.query(`GRANT ALL PRIVILEGES ON lockkeeper.* TO '${account.user}'@'%'`);
    await journal.prepare(opened.session);
    await journal.prepare(opened.session);

    const reader = await server.createUser();
    await server.query(
      `GRANT ALL ON ${database.name}.* TO ${reader.user}; GRANT SELECT ON lockkeeper.* TO ${reader.user}`,
    );
    await using second = await open({ server, database: database.name, account: reader });
    expect(await faultOf(journal.prepare(second.session))).toMatchObject({ kind: 'rights' });
    await using third = await open({ server, database: database.name, account }, { readOnly: true });
    expect(await faultOf(journal.prepare(third.session))).toMatchObject({ kind: 'readOnly' });

    await server.query('DROP TABLE lockkeeper.step');
    await journal.prepare(opened.session);
    expect(await opened.session.columns({ schema: 'lockkeeper', name: 'step' })).toContain('probe_before');
  });

  test('two that prepare at once both succeed', async () => {
    await using server = await startMariadb();
    await using database = await server.createDatabase();
    await using first = await open({ server, database: database.name });
    await using second = await open({ server, database: database.name });
    await Promise.all([journal.prepare(first.session), journal.prepare(second.session)]);
  });
});
