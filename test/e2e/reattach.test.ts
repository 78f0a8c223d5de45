/** A run belongs to the backend: windows leave it and find it again exactly as it is, and ending the program cancels it safely. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reduceRun } from '../../shared/model/reduceRun.ts';
import type { Run, RunRecord } from '../../shared/model/run.ts';
import { type AppServer, startServer } from './app.ts';
import { type Client, signIn } from './client.ts';

const endless =
  'WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted) SELECT count(*) FROM counted;';
const steps = 6;

let folder: string;
let server: AppServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-reattach-'));
  await mkdir(join(folder, 'migrations'));
  await writeFile(join(folder, 'shop.db'), '');
  for (let step = 1; step < steps; step += 1)
    await writeFile(
      join(folder, 'migrations', `2025010100000${step}_table.sql`),
      `-- migrate:up\nCREATE TABLE t${step} (id INTEGER);\nINSERT INTO t${step} VALUES (1);\n\n-- migrate:down\nDROP TABLE t${step};\n`,
    );
  await writeFile(
    join(folder, 'migrations', `2025010100000${steps}_endless.sql`),
    `-- migrate:up\nCREATE TABLE last (id INTEGER);\n${endless}\n\n-- migrate:down\nSELECT 1;\n`,
  );
  server = await startServer({ dataDirectory: join(folder, 'home') });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function startRun(client: Client): Promise<string> {
  const { id: environmentId } = await client.environments.add({
    ...{ name: 'shop', tier: 'development', colour: 'grey', group: '', secret: null },
    connection: { engine: 'sqlite', file: join(folder, 'shop.db') },
    source: { path: join(folder, 'migrations'), tool: 'dbmate' },
  });
  const target = { direction: 'up' } as const;
  const { fingerprint } = await client.migrations.plan({ environmentId, target });
  const answers = { backup: false, confirm: null, reason: null, accept: [], continueOnError: false };
  return (await client.runs.start({ environmentId, target, fingerprint, ...answers })).run;
}

/** What a window knows: the records up to the first that is as `enough` says, after which it is gone. */
async function look(
  client: Client,
  id: string,
  known: readonly RunRecord[],
  enough: (record: RunRecord) => boolean,
): Promise<RunRecord[]> {
  const leaving = new AbortController();
  const records = [...known];
  const stream = await client.runs.watch({ id, fromSeq: records.length }, { signal: leaving.signal });
  try {
    for await (const record of stream) {
      records.push(record);
      if (enough(record)) break;
    }
  } finally {
    leaving.abort();
  }
  return records;
}

const reduced = (records: readonly RunRecord[]): Run | null =>
  records.reduce<Run | null>((run, record) => reduceRun(run, record), null);

const begins = (step: number) => (record: RunRecord) => record.type === 'stepStarted' && record.step === step;
const isEnd = (record: RunRecord) => record.type === 'runFinished';

test('a window that left and came back, and one that is new, see the exact state', { timeout: 60_000 }, async () => {
  const client = await signIn(server);
  const id = await startRun(client);
  // Leaves after each step, and goes on from what it has.
  let records: RunRecord[] = [];
  for (let step = 0; step < steps; step += 1) records = await look(client, id, records, begins(step));
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index));
  const late = await look(client, id, [], begins(steps - 1));
  expect(late).toEqual(records);
  const before = reduced(records);
  expect(before?.steps.map(({ state }) => state)).toEqual([...Array(steps - 1).fill('finished'), 'running']);
  const now = await client.runs.get({ id });
  expect(now.seq).toBeGreaterThanOrEqual(records.length - 1);

  // While nobody looks it goes on, and is cancelled by one who never watched.
  await client.runs.cancel({ id });
  records = await look(client, id, records, isEnd);
  const ended = await client.runs.get({ id });
  expect(reduced(records)).toEqual(ended);
  expect(ended.outcome).toBe('cancelled');
  // From the log, when it is over.
  expect(await look(client, id, [], isEnd)).toEqual(records);
  expect(await look(client, id, records.slice(0, 3), isEnd)).toEqual(records);
});

test('SIGTERM cancels at the next safe place: nothing half-done, and the journal agrees', {
  timeout: 60_000,
}, async () => {
  const client = await signIn(server);
  const id = await startRun(client);
  await look(client, id, [], begins(steps - 1));
  const exit = once(server.process, 'exit');
  server.process.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);

  const database = new Database(join(folder, 'shop.db'), { readonly: true });
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name = 'last' OR name GLOB 't[0-9]'").all();
  expect(tables).toHaveLength(steps - 1);
  const journal = database.prepare('SELECT outcome FROM lockkeeper_run').pluck().all();
  expect(journal).toEqual(['cancelled']);
  database.close();

  await using again = await restarted();
  const ended = await (await signIn(again)).runs.get({ id });
  expect(ended.outcome).toBe('cancelled');
  expect(ended.steps.map(({ outcome }) => outcome)).toEqual([...Array(steps - 1).fill('succeeded'), 'rolledBack']);
});

test('a backend that was killed tells of its run as interrupted, and what is there', { timeout: 60_000 }, async () => {
  const client = await signIn(server);
  const id = await startRun(client);
  await look(client, id, [], begins(steps - 1));
  const exit = once(server.process, 'exit');
  server.process.kill('SIGKILL');
  await exit;
  await using again = await restarted();
  const found = await signIn(again);
  const [run] = await found.runs.list({ environmentId: null, limit: 5 });
  expect(run).toMatchObject({ id, outcome: 'interrupted' });
  const { reconciliation } = await found.runs.show({ id });
  expect(reconciliation?.steps.map(({ verdict }) => verdict.kind)).toEqual([
    ...Array(steps - 1).fill('done'),
    'notDone',
  ]);
});

async function restarted(): Promise<AppServer & AsyncDisposable> {
  const again = await startServer({ dataDirectory: server.dataDirectory });
  return { ...again, [Symbol.asyncDispose]: () => again.close() };
}
