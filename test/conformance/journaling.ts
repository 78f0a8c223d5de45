import { expect, test } from 'vitest';
import type { JournalRun, JournalStep } from '../../electron/engine/ports.ts';
import { skipBecause } from '../setup/skip.ts';
import { announced } from './announced.ts';
import type { Engine } from './drivers.ts';
import { control, expectFault, faultOf, listen, open } from './sessions.ts';

const runOf = (id: string, historyTable = 'migrations'): JournalRun => ({
  id,
  action: 'up',
  actor: "D'Arcy \\ 😀",
  host: 'here',
  process: '42',
  fingerprint: 'f'.repeat(64),
  tool: 'dbmate',
  historyTable,
  backend: 'backend',
  versions: ['0000', '0001'],
  resumes: null,
  auditHead: null,
});

const stepOf = (runId: string, step: number): JournalStep => ({
  runId,
  step,
  version: `000${step}`,
  action: 'apply',
  sha256: 'a'.repeat(64),
  statements: 3,
});

export function journaling(engine: Engine): void {
  const { journal, control: steps, capabilities } = engine.driver;

  test('a database without a journal has no steps', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    expect(await journal.readSteps(session, 'run-of-nobody')).toEqual([]);
  });

  test('the journal is prepared once, however often and by however many', async () => {
    await using database = await engine.createDatabase();
    await using first = await open(engine, database);
    await using second = await open(engine, database);
    await using third = await open(engine, database);
    await Promise.all([first, second, third].map((session) => journal.prepare(session)));
    await journal.prepare(first);
    // The journal of some engines is the server's, and others' runs are in it.
    const id = `once-${first.identity.id}`.slice(0, 60);
    await first.send(control(...journal.runStarted(runOf(id))), listen());
    expect(await journal.readSteps(first, id)).toEqual([]);
  });

  test('a read-only session cannot prepare it', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database, { readOnly: true });
    // A journal that another database's test left on the same server is no reason to write.
    const outcome = await journal.prepare(session).then(
      () => null,
      (error: unknown) => error,
    );
    if (outcome !== null) expect(['readOnly', 'rights']).toContain((await faultOf(Promise.reject(outcome))).kind);
  });

  test('what is written is read back: intent, statements, done and failed', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await journal.prepare(session);
    const id = `run-${database.connection.engine}-${session.identity.backend}`;
    const run = runOf(id);
    const write = (...sqls: readonly string[]) => session.send(control(...sqls), listen());
    await write(...journal.runStarted(run), ...journal.stepIntent(stepOf(id, 0), announced(0)));
    expect(await journal.readSteps(session, id)).toEqual([
      {
        ...{ step: 0, version: '0000', action: 'apply', sha256: 'a'.repeat(64), statements: 3, state: 'intent' },
        ...{ statement: 0, part: null, sending: 'alone', text: announced(0).text, line: 1 },
        ...{ probeBefore: null, probeExpected: null, batch: null, error: null, note: null },
      },
    ]);
    expect(await journal.readRun(session, id)).toMatchObject({
      id,
      versions: ['0000', '0001'],
      outcome: null,
      epoch: 1,
    });
    await write(...journal.statementIntent(stepOf(id, 0), announced(1)));
    expect(await journal.readSteps(session, id)).toMatchObject([{ step: 0, state: 'intent', statement: 1 }]);
    await write(...journal.batchDone(stepOf(id, 0), 1, { batches: 2, rows: 3_000_000_000 }));
    expect(await journal.readSteps(session, id)).toMatchObject([
      { statement: 1, batch: { batches: 2, rows: 3_000_000_000 } },
    ]);
    await write(...journal.statementIntent(stepOf(id, 0), announced(2)));
    expect(await journal.readSteps(session, id)).toMatchObject([{ statement: 2, batch: null }]);
    await write(...journal.stepDone(stepOf(id, 0)));
    await write(
      ...journal.stepIntent(stepOf(id, 1), announced(0)),
      ...journal.stepFailed(stepOf(id, 1), 'column "x" does not exist \' \\ \0'),
    );
    expect(await journal.readSteps(session, id)).toMatchObject([
      { step: 0, state: 'done' },
      { step: 1, state: 'failed' },
    ]);
    // Of another statement, or one that shares a transaction, nothing is changed.
    await write(...journal.doneAlone(stepOf(id, 1), { statement: 1, part: null }, { statement: 2, part: null }));
    expect(await journal.readSteps(session, id)).toMatchObject([{}, { statement: 0, text: announced(0).text }]);
    await write(...journal.doneAlone(stepOf(id, 1), { statement: 0, part: null }, { statement: 0, part: 1 }));
    await write(...journal.doneAlone(stepOf(id, 1), { statement: 0, part: 1 }, { statement: 1, part: null }));
    expect(await journal.readSteps(session, id)).toMatchObject([
      {},
      { state: 'failed', statement: 1, part: null, text: null, probeBefore: null },
    ]);
    await write(...journal.runFinished(run.id, 'failed'));
  });

  test('a row written in a transaction goes with it', async (context) => {
    if (!capabilities.transactionalDdl) skipBecause(context, `${engine.name} has steps that are not transactions`);
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await journal.prepare(session);
    await session.send(control(...journal.runStarted(runOf('run-1'))), listen());
    await session.send(control(...steps.begin, ...journal.stepDone(stepOf('run-1', 0)), steps.rollback), listen());
    expect(await journal.readSteps(session, 'run-1')).toEqual([]);
    await session.send(control(...steps.begin, ...journal.stepDone(stepOf('run-1', 0)), steps.commit), listen());
    expect(await journal.readSteps(session, 'run-1')).toMatchObject([{ step: 0, state: 'done' }]);
  });

  test('a run that was superseded writes nothing more, whatever settings its script has left', async () => {
    await using database = await engine.createDatabase();
    await using sleeper = await open(engine, database);
    await using newer = await open(engine, database);
    await journal.prepare(sleeper);
    const [slept, other] = ['slept', 'newer'].map((name) => `${name}-${sleeper.identity.id}`.slice(-60));
    if (slept === undefined || other === undefined) throw new Error('two ids');
    await sleeper.send(
      control(...journal.runStarted(runOf(slept)), ...journal.stepIntent(stepOf(slept, 0), announced(0))),
      listen(),
    );
    await newer.send(control(...journal.runStarted(runOf(`${other}-elsewhere`, 'other_migrations'))), listen());
    // Nobody else's history: nothing changes for it.
    await sleeper.send(control(...journal.statementIntent(stepOf(slept, 0), announced(1))), listen());
    await newer.send(control(...journal.runStarted(runOf(other))), listen());
    if (engine.sql.lenient !== null) await sleeper.send(control(engine.sql.lenient), listen());
    for (const words of [
      journal.statementIntent(stepOf(slept, 0), announced(2)),
      journal.batchDone(stepOf(slept, 0), 1, { batches: 1, rows: 1 }),
      journal.stepDone(stepOf(slept, 0)),
      journal.stepIntent(stepOf(slept, 1), announced(0)),
      journal.stepFailed(stepOf(slept, 1), 'too late'),
    ])
      await expectFault(sleeper.send(control(...words), listen()), 'lockLost');
    expect(await journal.readSteps(sleeper, slept)).toMatchObject([{ step: 0, state: 'intent', statement: 1 }]);
    await newer.send(control(...journal.stepDone(stepOf(other, 0))), listen());
  });
}
