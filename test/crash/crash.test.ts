/** A short part of the crash tests, the same every time; `npm run crash` has the rest. */
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import { type Bench, openBench } from './bench.ts';
import { bundleClient } from './bundle.ts';
import { type Course, readCourse } from './course.ts';
import { createFramer } from './framing.ts';
import { runMatrix } from './matrix.ts';
import { memoryFolder } from './mount.ts';
import type { Point } from './points.ts';
import { createRandom, seedOf } from './random.ts';
import type { Cell } from './report.ts';
import { shootAt } from './series.ts';
import { type Fault, formatShot, parseShots } from './shot.ts';
import { type CrashTarget, openTarget } from './targets.ts';
import { type Kind, kindsOf, type Target } from './workload.ts';

const cache = fileURLToPath(new URL('../../node_modules/.cache/lockkeeper-crash', import.meta.url));
let program = '';
beforeAll(async () => {
  process.env['TMPDIR'] = (await memoryFolder()) ?? tmpdir();
  program = await bundleClient(`${cache}/program-test`);
});

/** One of each: before, in and after the work, and every way to end. */
const cells: Readonly<Record<'server' | 'file', readonly (readonly [Point, Fault])[]>> = {
  server: [
    ['fence', 'killAll'],
    ['statementSent', 'kill'],
    ['commitUnacked', 'reset'],
    ['statementSent', 'sleep'],
    ['undoStep', 'killAll'],
  ],
  file: [
    ['fence', 'killAll'],
    ['executing', 'terminate'],
    ['doneUnacked', 'killAll'],
    ['undoStep', 'killAll'],
  ],
};

/** What it is that is hit: the kinds whose end is the hardest to tell. */
const kinds: Readonly<Record<Target, Kind>> = {
  postgres: 'concurrent',
  mysql: 'nonTransactional',
  sqlite: 'rebuild',
  'sqlite-wal': 'backfill',
};

describe.each<Target>(['postgres', 'mysql', 'sqlite', 'sqlite-wal'])('%s', (id) => {
  let target: CrashTarget | string = 'it was not opened';
  let bench: Bench | null = null;
  beforeAll(async () => {
    target = await openTarget(id);
    if (typeof target !== 'string') bench = await openBench(target, program);
  });
  afterAll(async () => {
    await bench?.[Symbol.asyncDispose]();
    if (typeof target !== 'string') await target[Symbol.asyncDispose]();
  });

  it.for(cells[id.startsWith('sqlite') ? 'file' : 'server'])('%s, %s', async ([point, fault], context) => {
    const usual = bench;
    if (usual === null) return skipBecause(context, String(target));
    const found: Cell[] = [];
    const wanted = { point, fault, kind: kinds[id] };
    await runMatrix({ usual, small: async () => 'not in this test' }, wanted, (cell) => found.push(cell));
    expect(found.filter(({ result }) => result === 'violated')).toEqual([]);
    expect(found.some(({ result }) => result === 'run')).toBe(true);
  });
});

describe('the harness itself', () => {
  it('finds what is wrong: a run that nobody finished, and a marker that is there twice', async () => {
    const target = await openTarget('sqlite');
    if (typeof target === 'string') throw new Error(target);
    await using _ = target;
    await using bench = await openBench(target, program);
    const course: Course = await readCourse(bench, 'up', kindsOf('sqlite'));
    const twice = course.expected.rows['crash_marker']?.map((row) => row.replace('1.1.0', '1.2.0')) ?? [];
    const wrong = {
      ...course,
      expected: { ...course.expected, rows: { ...course.expected.rows, crash_marker: twice } },
    };
    const { violations } = await shootAt(bench, wrong, parseShots('killAll at place 20'), {
      looks: true,
      byCommand: true,
    });
    expect(violations).toEqual([
      'rows of crash_marker: missing {"version":"1.2.0"}',
      'rows of crash_marker: not expected {"version":"1.1.0"}',
    ]);
  });

  it('cuts the protocols into messages however they arrive', () => {
    const startup = Buffer.from('0000000800030000', 'hex');
    const query = Buffer.from('510000000953454c3100', 'hex');
    const framer = createFramer('postgres', 'client');
    expect([...Buffer.concat([startup, query])].flatMap((byte) => framer(Buffer.from([byte])))).toEqual([
      startup,
      query,
    ]);
    const packet = Buffer.from('0300000353454c', 'hex');
    expect(createFramer('mysql', 'server')(Buffer.concat([packet, packet]))).toEqual([packet, packet]);
  });

  it('repeats a shot from its seed, and from its text', () => {
    const numbers = (seed: number) => Array.from({ length: 5 }, createRandom(seed).next);
    expect(numbers(seedOf(7, 3))).toEqual(numbers(seedOf(7, 3)));
    expect(numbers(seedOf(7, 3))).not.toEqual(numbers(seedOf(7, 4)));
    const text =
      'kill before message 18, then reset after message 3 +7 ms, then killAll at place 4, then kill after 9 ms';
    expect(parseShots(text).map(formatShot).join(', then ')).toBe(text);
  });
});
