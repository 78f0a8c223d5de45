// A script of 100 MB is no bad input: it runs in memory that does not grow with it, and its faults have their place.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { applied, attemptOf, openDesk } from './support.ts';

const statements = 10_000;
const statementBytes = 10_000;
/** 205,000 measured; the script held whole would add at least 98,000. */
const mostKib = 290_000;

/** Makes every process of the call tell the most memory it ever held, in KiB. */
const tell = "process.on('exit', () => process.stderr.write('\\npeak=' + process.resourceUsage().maxRSS + '\\n'))";
const telling = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tell)}` };
const peakOf = (stderr: string): number =>
  Math.max(...[...stderr.matchAll(/^peak=(\d+)$/gm)].map((match) => Number(match[1])));

it('memory stays flat; a failure at its very end is told in its place', async () => {
  await using desk = await openDesk('sqlite');
  await desk.fill(applied);
  const file = createWriteStream(path.join(desk.source, '2_towns.sql'));
  file.write('-- migrate:up\ncreate table towns (id integer primary key, name text);\n');
  const name = 'x'.repeat(statementBytes - 50);
  for (let id = 0; id < statements; id++)
    if (!file.write(`insert into towns values (${id}, length('${name}'));\n`)) await once(file, 'drain');
  file.end('insert into towns values (0, null);\n-- migrate:down\ndrop table towns;\n');
  await once(file, 'close');
  const before = await desk.contents();
  const failed = await desk.call(['up'], { env: telling });
  expect(attemptOf(failed)).toMatchObject({
    exitCode: 1,
    problem: {
      code: 'database.statementFailed',
      path: '2_towns.sql',
      line: statements + 3,
      state: expect.stringContaining('Everything of migration 2 was rolled back'),
    },
  });
  expect(await desk.contents()).toEqual(before);
  expect(peakOf(failed.stderr)).toBeLessThan(mostKib);
});
