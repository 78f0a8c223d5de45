import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppServer, startServer } from './app.ts';
import { type Client, signIn } from './client.ts';

const endless =
  'WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted) SELECT count(*) FROM counted;';

let folder: string;
let server: AppServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-interrupt-'));
  await mkdir(join(folder, 'migrations'));
  await writeFile(join(folder, 'shop.db'), '');
  await writeFile(
    join(folder, 'migrations', '20250101000001_tables.sql'),
    '-- migrate:up\nCREATE TABLE first (id INTEGER);\n\n-- migrate:down\nDROP TABLE first;\n',
  );
  await writeFile(
    join(folder, 'migrations', '20250101000002_endless.sql'),
    `-- migrate:up\n${endless}\n\n-- migrate:down\nSELECT 1;\n`,
  );
  server = await startServer({ dataDirectory: join(folder, 'home') });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Resolves when the second migration's only statement runs. */
async function startEndlessRun(client: Client): Promise<{ environmentId: string; run: string }> {
  const { id: environmentId } = await client.environments.add({
    name: 'shop',
    tier: 'development',
    colour: 'grey',
    group: '',
    secret: null,
    connection: { engine: 'sqlite', file: join(folder, 'shop.db') },
    source: { path: join(folder, 'migrations'), tool: 'dbmate' },
  });
  const target = { direction: 'up' } as const;
  const { fingerprint } = await client.migrations.plan({ environmentId, target });
  const answers = { backup: false, confirm: null, reason: null, accept: [], continueOnError: false };
  const { run } = await client.runs.start({ environmentId, target, fingerprint, ...answers });
  for await (const record of await client.runs.watch({ id: run, fromSeq: 0 })) {
    if (record.type === 'stepStarted' && record.step === 1) return { environmentId, run };
  }
  return expect.fail('the run ended by itself');
}

test('the first Ctrl+C cancels a run where it is safe, says so, and the journal knows', async () => {
  const { environmentId, run } = await startEndlessRun(await signIn(server));
  expect(await server.interrupt()).toBe(0);
  expect(server.lines.at(-1)).toBe(
    'A run goes on: up on shop. It is cancelled at the next safe place; Ctrl+C again ends at once, without knowing what was done.',
  );

  const again = await startServer({ dataDirectory: server.dataDirectory });
  try {
    const client = await signIn(again);
    const ended = await client.runs.get({ id: run });
    expect([ended.outcome, ...ended.steps.map(({ outcome }) => outcome)]).toEqual([
      'cancelled',
      'succeeded',
      'rolledBack',
    ]);
    const { migrations } = await client.migrations.status({ environmentId });
    expect(migrations.map(({ status }) => status)).toEqual(['applied', 'pending']);
  } finally {
    await again.close();
  }
});
