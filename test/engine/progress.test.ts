import { expect, it, vi } from 'vitest';
import type { Unit } from '../../electron/engine/ports.ts';
import { createProgress } from '../../electron/engine/progress.ts';
import type { Step } from '../../shared/model/plan.ts';
import type { RunEvent } from '../../shared/model/run.ts';
import { migration } from './values.ts';

it('tells the statement that runs now, also when it follows quick ones at once', async () => {
  const events: RunEvent[] = [];
  const one = migration('1');
  const step: Step = {
    index: 0,
    version: '1',
    historyKey: '1',
    name: 'one',
    action: 'apply',
    script: one.up,
    checksum: null,
    transactional: true,
    ownTransactions: false,
    statements: 3,
    reversible: true,
    hazards: [],
    tables: [],
    estimate: null,
    batched: [],
    placeholders: {},
    migration: one,
  };
  const progress = createProgress(step, {
    clock: { now: Date.now, elapsed: () => performance.now() },
    emit: (event) => events.push(event),
    sql: { classify: (text) => ({ verb: text }) },
  });
  const units = ['quick', 'quicker', 'slow'].map(
    (text, index): Unit => ({
      kind: 'statement',
      sql: text,
      statement: { index, text, line: index + 1, column: 1, copiesData: false },
    }),
  );
  const observer = progress.observe(units);
  observer.completed(0, { affectedRows: 1, resultSet: null });
  observer.completed(1, { affectedRows: 1, resultSet: null });
  await vi.waitFor(() =>
    expect(events.at(-1)).toEqual({ type: 'statementProgress', step: 0, done: 2, total: 3, line: 3, verb: 'slow' }),
  );
  progress.end();
});
