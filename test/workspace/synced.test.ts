/** What is noted and brought onto the disk later, together. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../electron/workspace/database.ts';
import { SharedSync } from '../../electron/workspace/sharedSync.ts';
import { Store } from '../../electron/workspace/store.ts';
import { newDirectory, open, run } from './support.ts';

test('whoever waits at the same time shares a sync, and whoever comes during one waits for the next', async () => {
  const begun: PromiseWithResolvers<void>[] = [];
  const sync = new SharedSync(() => {
    const one = Promise.withResolvers<void>();
    begun.push(one);
    return one.promise;
  });
  const first = Promise.all([sync.wait(), sync.wait()]);
  await expect.poll(() => begun.length).toBe(1);
  const ended: string[] = [];
  const second = Promise.all([sync.wait(), sync.wait()]).then(() => ended.push('second'));
  begun[0]?.resolve();
  await first;
  expect(ended).toEqual([]);
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.resolve();
  await second;
  expect(begun).toHaveLength(2);
});

test('a sync that fails is told to all who wait for it, and the next one is tried', async () => {
  let failures = 1;
  const sync = new SharedSync(async () => {
    if (failures-- > 0) throw new Error('no disk');
  });
  const told = await Promise.allSettled([sync.wait(), sync.wait()]);
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await sync.wait();
});

const entry = (action: string) => ({
  ...{ at: '2026-01-01T00:00:00.000Z', actor: 'anna', environment: null, run: null, detail: {} },
  action,
});

test('a database is told only of entries of the audit log that are on the disk', async () => {
  const workspace = open();
  workspace.audit.append(entry('kept'));
  const kept = workspace.audit.anchor();
  workspace.audit.note(entry('noted'));
  expect(workspace.audit.anchor()).toBe(kept);
  await workspace.synced();
  const noted = workspace.audit.anchor();
  expect(noted).not.toBe(kept);
  workspace.audit.note(entry('later'));
  expect(workspace.audit.anchor()).toBe(noted);
  workspace.audit.append(entry('kept again'));
  expect(workspace.audit.anchor()).toContain(String(workspace.audit.head().hash));
});

test('a log of changes is brought onto the disk; without one there is nothing to do', async () => {
  const directory = newDirectory();
  const database = openDatabase(directory);
  const store = new Store(database, directory);
  store.note("INSERT INTO settings (key, value) VALUES ('a', '1')");
  expect(existsSync(join(directory, 'workspace.db-wal'))).toBe(true);
  await store.sync();
  store.close();
  rmSync(join(directory, 'workspace.db-wal'), { force: true });
  await store.sync();
});

test('what a run has left is let go of with its end, and a later line begins its file anew', async () => {
  const workspace = open();
  const record = { type: 'warning', message: 'x', seq: 0, at: '2026-01-01T00:00:00.000Z' } as const;
  workspace.runs.save(run('r1', record.at));
  workspace.runEvents.append('r1', record);
  const journal = workspace.clientJournal('r1');
  void journal.append({ step: 0 }, false);
  await workspace.endRun('r1');
  expect(await workspace.readClientJournal('r1')).toEqual([{ step: 0 }]);
  workspace.runEvents.append('r1', { ...record, seq: 1 });
  expect((await workspace.runEvents.read('r1', 0)).map(({ seq }) => seq)).toEqual([0, 1]);
  expect(workspace.clientJournal('r1')).not.toBe(journal);
});
