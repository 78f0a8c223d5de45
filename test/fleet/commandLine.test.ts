/** `fleet` as scripts, schedulers and persons call it: parts in processes of their own, merged, overlapping. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compose } from '../../electron/compose.ts';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { type Finished, lockkeeper } from '../cli/lockkeeper.ts';
import { writeFolder } from '../services/backend.ts';
import { environmentOf } from '../services/values.ts';
import { steps } from './place.ts';

const count = 9;
/** Each starts several processes. */
const patience = { timeout: 600_000 };

let folder: string;
let source: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-fleet-'));
  source = await writeFolder(folder, steps(4));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Member {
  readonly environment: string;
  readonly outcome: string;
}
const membersOf = (finished: Finished): readonly Member[] => finished.json()['members'] as Member[];

/** Workspaces of several machines that know the same new databases. */
async function machines(group: string, homes: number): Promise<{ readonly homes: string[]; readonly files: string[] }> {
  const files = Array.from({ length: count }, (_, index) => join(folder, `${group}-${index + 1}.db`));
  for (const file of files) await createDatabase(file);
  const all = Array.from({ length: homes }, (_, index) => join(folder, `${group}-home-${index + 1}`));
  for (const home of all) {
    const backend = await compose({ dataDirectory: home, shell: 'commandLine' });
    for (const [index, file] of files.entries()) {
      const given = { ...environmentOf(`sqlite:${file}`, source), group, name: `${group}-${index + 1}` };
      await addEnvironment(backend.context, given);
    }
    await backend.close();
  }
  return { homes: all, files };
}

/** Each table has one row, so each migration ran once. */
async function requireOnce(file: string): Promise<void> {
  const { default: Sqlite } = await import('better-sqlite3');
  const database = new Sqlite(file, { readonly: true });
  for (const step of [1, 2, 3, 4])
    expect(database.prepare(`select count(*) from step_${step}`).pluck().get(), `${file}, ${step}`).toBe(1);
  expect(database.prepare('select count(*) from schema_migrations').pluck().get()).toBe(4);
  database.close();
}

test(
  'three parts in three processes on three machines do all of it once; their documents are merged',
  patience,
  async () => {
    const { homes, files } = await machines('parts', 3);
    const parts = await Promise.all(
      homes.map((home, index) =>
        lockkeeper(home, ['fleet', 'up', '--group', 'parts', '--shard', `${index + 1}/3`, '--json']),
      ),
    );
    expect(parts.map(({ code, stderr }) => [code, stderr])).toEqual(parts.map(() => [0, '']));
    const names = parts.flatMap((part) => membersOf(part).map(({ environment }) => environment));
    expect(names.toSorted()).toEqual(files.map((_, index) => `parts-${index + 1}`).toSorted());
    for (const file of files) await requireOnce(file);

    const documents = await Promise.all(
      parts.map(async ({ stdout }, index) => {
        const path = join(folder, `part-${index + 1}.json`);
        await writeFile(path, stdout);
        return path;
      }),
    );
    const [home = ''] = homes;
    const merged = await lockkeeper(home, ['fleet', 'merge', ...documents, '--json']);
    expect(merged.code).toBe(0);
    expect(merged.json()).toMatchObject({ outcome: 'succeeded', missingShards: [], counts: { succeeded: count } });
    const incomplete = await lockkeeper(home, ['fleet', 'merge', ...documents.slice(0, 2), '--json']);
    expect(incomplete.code).not.toBe(0);
    expect(incomplete.json()).toMatchObject({ missingShards: [3] });
    expect(await lockkeeper(home, ['fleet', 'merge', files[0] ?? '', '--json'])).toMatchObject({ code: 2 });
  },
);

test('three processes with all members at once do each migration once', patience, async () => {
  const { homes, files } = await machines('overlap', 3);
  const up = (home: string) => lockkeeper(home, ['fleet', 'up', '--group', 'overlap', '--continue-on-error', '--json']);
  const together = await Promise.all(homes.map(up));
  // Whoever met another's lock, or its work in between, was refused; a scheduler starts such a part again.
  const all = [...together, await up(homes[0] ?? '')];
  for (const file of files) await requireOnce(file);
  const documents = await Promise.all(
    all.map(async ({ stdout }, index) => {
      const path = join(folder, `overlap-${index + 1}.json`);
      await writeFile(path, stdout);
      return path;
    }),
  );
  const merged = await lockkeeper(homes[0] ?? '', ['fleet', 'merge', ...documents, '--json']);
  expect(merged.json()).toMatchObject({ outcome: 'succeeded' });
  expect(membersOf(merged).length).toBe(count);
});

test('a person reads each member’s end and what may be done next; scripts the worst exit code', patience, async () => {
  const { homes, files } = await machines('reading', 1);
  const [home = ''] = homes;
  await rm(files[3] ?? '');
  const plan = await lockkeeper(home, ['fleet', 'plan', '--group', 'reading', '--json']);
  expect(plan.json()).toMatchObject({ name: 'reading', confirm: null });
  const status = await lockkeeper(home, ['fleet', 'status', '--group', 'reading', '--json']);
  expect(status.code).toBe(6);
  const up = await lockkeeper(home, ['fleet', 'up', '--group', 'reading', '--continue-on-error']);
  expect(up.code).toBe(6);
  expect(up.stderr).toMatch(/✕ reading-4 {2}failed.*There is no database/);
  expect(up.stdout).toMatch(/✕ reading: failed, 8 done, 1 failed/);
  const id = /lockkeeper fleet resume (\w+)/.exec(up.stderr)?.[1] ?? '';
  const shown = await lockkeeper(home, ['fleet', 'show', id]);
  expect(shown.stdout.split('\n')[1]).toMatch(/^reading-4 .*✕ failed/);
  await createDatabase(files[3] ?? '');
  const resumed = await lockkeeper(home, ['fleet', 'resume', id, '--retry-failed', '--events']);
  expect(resumed.code).toBe(0);
  const lines = resumed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.at(-1)).toMatchObject({ fleet: id, outcome: 'succeeded' });
  expect(lines.filter(({ type }) => type === 'members').length).toBeGreaterThan(1);
  const list = await lockkeeper(home, ['fleet', 'list', '--json']);
  expect(list.json()).toMatchObject({ fleets: [{ id, outcome: 'succeeded', counts: { succeeded: count } }] });
  const done = await lockkeeper(home, ['fleet', 'status', '--all', '--exit-code', '--json']);
  expect(done.code).toBe(0);
});

test('what is no choice, part or number is refused', patience, async () => {
  const home = join(folder, 'refusals');
  for (const args of [[], ['--group', 'nowhere'], ['--all', '--shard', '3/2']])
    expect(await lockkeeper(home, ['fleet', 'up', ...args, '--json']), args.join(' ')).toMatchObject({ code: 2 });
});
