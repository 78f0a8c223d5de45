import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { dataDirectory } from '../../electron/workspace/dataDirectory.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import { newDirectory, open } from './support.ts';

const record = (seq: number, message = 'x'): RunRecord => ({
  type: 'warning',
  message,
  seq,
  at: '2026-01-01T00:00:00.000Z',
});

describe('run events', () => {
  test('are read in the order they were appended, from any number on', async () => {
    const { runEvents } = open();
    const records = Array.from({ length: 5000 }, (_, seq) => record(seq, `line\n${String(seq)} €`));
    for (const one of records) runEvents.append('r1', one);
    expect(await runEvents.read('r1', 0)).toEqual(records);
    expect(await runEvents.read('r1', 4998)).toEqual(records.slice(4998));
    expect(await runEvents.read('r2', 0)).toEqual([]);
  });

  test('a line torn by a crash is left out, and the next one is whole', async () => {
    const directory = newDirectory();
    const before = open(directory);
    before.runEvents.append('r1', record(0));
    await before.runEvents.flush('r1');
    appendFileSync(join(directory, 'runs', 'r1.jsonl'), '{"type":"warning","seq":1,"mess');
    const { runEvents } = open(directory);
    runEvents.append('r1', record(2));
    expect((await runEvents.read('r1', 0)).map(({ seq }) => seq)).toEqual([0, 2]);
  });

  test('an id that would leave the folder has no events', async () => {
    const { runEvents } = open();
    expect(await runEvents.read('../workspace', 0)).toEqual([]);
    expect(() => runEvents.append('../../evil', record(0))).toThrow(RangeError);
  });

  test('what could not be written is told once, and what follows is written', async () => {
    const directory = newDirectory();
    const { runEvents } = open(directory);
    const log = join(directory, 'runs', 'r1.jsonl');
    mkdirSync(log);
    runEvents.append('r1', record(0));
    await expect(runEvents.flush('r1')).rejects.toThrow();
    rmSync(log, { recursive: true });
    runEvents.append('r1', record(1));
    await runEvents.flush('r1');
    expect((await runEvents.read('r1', 0)).map(({ seq }) => seq)).toEqual([1]);
  });
});

describe("the client's journal", () => {
  test('holds every record in order, one line each', async () => {
    const directory = newDirectory();
    const journal = open(directory).clientJournal('r1');
    void journal.append({ step: 0 }, false);
    void journal.append({ step: 1 }, false);
    await journal.append({ step: 2, text: 'two\nlines' }, true);
    expect(readFileSync(join(directory, 'runs', 'r1.journal.jsonl'), 'utf8')).toBe(
      '{"step":0}\n{"step":1}\n{"step":2,"text":"two\\nlines"}\n',
    );
  });

  test('a durable record is there however its writer ends', async () => {
    const directory = newDirectory();
    const program = fileURLToPath(new URL('./writeJournal.ts', import.meta.url));
    const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = -1;
    child.stdout.on('data', (data: Buffer) => {
      acknowledged = Number(data.toString().trim().split('\n').at(-1));
      if (acknowledged >= 20) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const lines = readFileSync(join(directory, 'runs', 'r1.journal.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.length).toBeGreaterThan(acknowledged);
  });

  test('a durable record fails when one before it was lost', async () => {
    const directory = newDirectory();
    const journal = open(directory).clientJournal('r1');
    mkdirSync(join(directory, 'runs', 'r1.journal.jsonl'));
    await journal.append({ step: 0 }, false);
    await expect(journal.append({ step: 1 }, true)).rejects.toThrow();
  });
});

test.each([
  ['linux', {}, '/home/anna/.local/share/lockkeeper'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/lockkeeper'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/anna/.local/share/lockkeeper'],
  ['linux', { LOCKKEEPER_HOME: '/stick/lockkeeper', XDG_DATA_HOME: '/data' }, '/stick/lockkeeper'],
  ['darwin', {}, '/home/anna/Library/Application Support/Lockkeeper'],
  ['win32', { APPDATA: '/appdata' }, '/appdata/Lockkeeper'],
] as const)('on %s with %j the data directory is %s', (platform, variables, expected) => {
  expect(dataDirectory(variables, platform, '/home/anna')).toBe(expected);
});
