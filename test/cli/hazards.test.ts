// Hazards on the command line: told with what to do instead, accepted with a reason that is kept.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compose } from '../../electron/compose.ts';
import { unavailable } from '../servers/index.ts';
import { testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-hazards-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const files = {
  '1_people.sql':
    '-- migrate:up\nCREATE TABLE people (id int, name text, note text);\n-- migrate:down\nDROP TABLE people;\n',
  '2_index.sql': `-- migrate:up
CREATE INDEX people_name ON people (name);
-- lockkeeper:accept dropsUsed no release uses it since May
ALTER TABLE people DROP COLUMN note;
-- migrate:down
ALTER TABLE people ADD COLUMN note text;
DROP INDEX people_name;
`,
};

it('tells them in a plan, refuses to start, and keeps who accepted them and why', {
  timeout: 120_000,
}, async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
  await using database = await testDatabase('postgres15');
  const home = path.join(folder, 'home');
  const source = await writeFolder(folder, files);
  const call = (...args: string[]) =>
    lockkeeper(home, [...args, '--url', database.url, '--source', source, '--tier', 'staging', '--non-interactive']);

  const fresh = (await call('plan', '--json')).json() as unknown as { steps: { hazards: { code: string }[] }[] };
  expect(fresh.steps.flatMap(({ hazards }) => hazards)).toEqual([]);
  expect((await call('up', '--to', '1')).code).toBe(0);

  const plan = (await call('plan', '--json')).json() as unknown as { steps: { hazards: unknown[] }[]; gate: unknown };
  expect(plan).toMatchObject({ gate: { hazardsToAccept: ['dataLoss'], reason: true } });
  expect(plan.steps[0]?.hazards).toEqual(
    expect.arrayContaining([
      {
        code: 'createIndex',
        category: 'locksWrites',
        severity: 'notice',
        line: 2,
        message: expect.stringContaining(
          'Builds an index on people (less than 1 MB) under SHARE: reads go on, writes wait',
        ),
        remedy: expect.any(String),
        rewrite: 'CREATE INDEX CONCURRENTLY people_name ON people …;',
      },
      expect.objectContaining({ code: 'dropsUsed', accepted: 'no release uses it since May', line: 4 }),
    ]),
  );
  for (const shown of [await call('plan'), await call('info', '2')])
    expect(shown.stdout).toMatch(
      /createIndex line 2: Builds an index.*\n {6}instead: Build it concurrently.*\n {8}CREATE INDEX CONCURRENTLY/,
    );
  expect((await call('plan')).stdout).toContain('accepted in the file: no release uses it since May');

  const up = (...args: string[]) => call('up', '--json', ...args);
  const refused = [await up('--accept', 'dataLoss'), await up('--reason', 'change 7')];
  expect(refused.map((done) => [done.code, done.json().problem?.code])).toEqual([
    [7, 'gate.reason'],
    [7, 'gate.hazard'],
  ]);
  expect((await up('--accept', 'dataLoss', '--reason', 'change 7')).json()).toMatchObject({ outcome: 'succeeded' });

  const backend = await compose({ dataDirectory: home, shell: 'commandLine' });
  const entry = backend.context.workspace.audit
    .list({ limit: 20 })
    .find(({ detail }) => JSON.stringify(detail).includes('change 7'));
  await backend.close();
  expect(entry?.detail).toMatchObject({
    accepted: ['dataLoss'],
    reason: 'change 7',
    acceptedInFiles: [{ version: '2', code: 'dropsUsed', line: 4, reason: 'no release uses it since May' }],
  });
});
