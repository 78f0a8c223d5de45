/** A fleet whose process is killed at random moments; `killed.ts` does the same many more times, on servers, too. */
import { expect, test } from 'vitest';
import { testDatabase } from '../services/backend.ts';
import { killFleets } from './kills.ts';

test('a killed fleet is gone on with, and nothing is done twice', { timeout: 600_000 }, async () => {
  const seed = Date.now() % 100_000;
  const databases = () => Promise.all(Array.from({ length: 6 }, () => testDatabase('sqlite')));
  const { kills, wrong } = await killFleets({ kills: 3, seed, databases, tell: () => undefined });
  expect(wrong, `seed ${seed}`).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(3);
});
