// The benchmark itself, with so little to do that it says nothing about speed: that everybody does all of the work, and is told.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Comparison, compare } from './comparison.ts';
import { type Contender, cacheFolder, ownContenders } from './contenders.ts';
import { openEngine } from './engines.ts';
import { formatComparison } from './report.ts';
import { type WorkloadId, workloadsOf } from './workloads.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-bench-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function compareOnFile(id: WorkloadId, migrations: number, more: readonly Contender[]): Promise<Comparison> {
  const workload = workloadsOf(migrations).find((one) => one.id === id);
  await using engine = await openEngine('sqlite');
  if (engine === null || workload === undefined) throw new Error(`${id} cannot be compared`);
  return compare(engine, workload, [...ownContenders(cacheFolder), ...more], { rounds: 1, folder });
}

const lazy: Contender = {
  id: 'lazy',
  title: 'lazy 1.0',
  kind: 'peer',
  transactions: 'each',
  compiled: false,
  leftOut: () => null,
  prepare: async () => undefined,
  program: () => ({ file: process.execPath, arguments: ['-e', ''] }),
};

test('everybody applies all migrations; a peer that does nothing has no figure, but a reason', async () => {
  const comparison = await compareOnFile('apply', 3, [lazy]);
  expect(comparison.results.map(({ contender }) => contender.id)).toEqual([
    'limit',
    'limitDurable',
    'lockkeeper',
    'client',
  ]);
  expect(comparison.leftOut).toEqual([{ title: 'lazy 1.0', reason: expect.stringContaining('failed') }]);
  const text = formatComparison(comparison, null);
  expect(text).toMatch(/^\| Lockkeeper +\| +each \|/m);
  expect(text).toContain('- lazy 1.0: failed');
});

test('nothing is pending for those who applied everything before the clock started', async () => {
  const { results } = await compareOnFile('nothing', 2, []);
  expect(results.map(({ contender, runs }) => [contender.id, runs.length])).toEqual([
    ['limit', 1],
    ['limitDurable', 1],
    ['lockkeeper', 1],
  ]);
});

test('the limit reads a script that is longer than a message in parts, and loses nothing of it', async () => {
  const { results } = await compareOnFile('large', 50, []);
  expect(results.map(({ contender }) => contender.id)).toContain('limitDurable');
});
