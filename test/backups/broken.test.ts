/** A small sample of `broken.ts`: what was broken before it was digested is found, or nothing is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, fill } from '../restore/databases.ts';
import { backUp } from '../restore/support.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, type TestBackend, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { shoot } from './brokenDumps.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const SHOTS = 4;
const SEED = 1;

describe.each(engines)('%s', (engine) => {
  it('finds what was broken, or nothing is lost', async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    await fill(engine, database);
    const target = adHoc(database.url, test.folder);
    const backup = await backUp(test.backend.context, target);
    const found = [];
    for (let shot = 0; shot < SHOTS; shot += 1)
      found.push(await shoot(test.backend.context, target, backup, SEED, shot));
    expect(found.filter((broken) => broken?.code === 'run.internal')).toEqual([]);
    expect(found.some((broken) => broken?.found === 'checked' || broken?.found === 'proven')).toBe(true);
  });
});
