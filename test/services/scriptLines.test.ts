import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeMigration } from '../../electron/services/describeMigration.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { failedPlace } from '../../electron/services/failedPlace.ts';
import { findInScript, readScriptLines } from '../../electron/services/scriptLines.ts';
import { startRun } from '../../electron/services/startRun.ts';
import { type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

const never = new AbortController().signal;

async function environmentOn({ backend, folder }: TestBackend, url: string, files: Readonly<Record<string, string>>) {
  const source = await writeFolder(folder, files);
  const environment = await addEnvironment(backend.context, {
    name: 'till',
    tier: 'development',
    colour: 'green',
    group: '',
    connection: { engine: 'sqlite', file: url.replace('sqlite:', '') },
    source: { path: source, tool: 'dbmate' },
    secret: null,
  });
  return { source, target: { kind: 'environment', nameOrId: environment.id } as const };
}

describe('lines of a script', () => {
  test('have the numbers of their file, and a file that changes is read anew', async () => {
    await using test = await testBackend();
    await using database = await testDatabase('sqlite');
    const up = Array.from({ length: 3000 }, (_, number) => `insert into a values (${number});`);
    const { source, target } = await environmentOn(test, database.url, {
      '1_fill.sql': `-- migrate:up\n${up.join('\n')}\n-- migrate:down\ndelete from a;\n`,
    });
    const { context } = test.backend;
    const read = (part: 'up' | 'down' | 'verify', from: number) =>
      readScriptLines(context, target, { version: '1', part, from, count: 2 });
    const found = await read('up', 2500);
    expect(found).toMatchObject({ path: '1_fill.sql', from: 2500, cut: [] });
    expect(found.lines).toEqual(['insert into a values (2498);', 'insert into a values (2499);']);
    expect(found.lastLine).toBeGreaterThanOrEqual(3001);
    const down = await read('down', 1);
    expect(down.firstLine).toBeGreaterThan(3000);
    expect(down.lines.join('\n')).toContain('delete from a;');
    const wanted = { version: '1', part: 'up', from: 1, words: '(2999)' } as const;
    expect(await findInScript(context, target, wanted, never)).toBe(3001);

    await writeFile(path.join(source, '1_fill.sql'), '-- migrate:up\nselect 2;\n-- migrate:down\nselect 3;\n');
    expect((await read('up', 2)).lines[0]).toBe('select 2;');
    await expect(read('verify', 1)).rejects.toMatchObject({ problem: { code: 'source.noSuchVersion' } });
  });
});

describe('the place of a failure', () => {
  const bad =
    '-- migrate:up\ncreate table a (x integer);\nalter table ordrs add column y real;\n-- migrate:down\nselect 1;\n';

  test('is told with the lines as they were run, also after the file was corrected', async () => {
    await using test = await testBackend();
    await using database = await testDatabase('sqlite');
    const { source, target } = await environmentOn(test, database.url, { '1_bad.sql': bad });
    const { context } = test.backend;
    const started = await startRun(context, {
      target,
      wanted: { direction: 'up' },
      fingerprint: null,
      backup: false,
      confirm: null,
      reason: null,
      accept: [],
      continueOnError: false,
    });
    expect((await started.finished).outcome).toBe('failed');
    const expected = { version: '1', path: '1_bad.sql', line: 3, column: 13 };
    const place = await failedPlace(context, started.id);
    expect(place).toMatchObject({ ...expected, source: 'run' });
    expect(place?.text.split('\n')[3 - (place?.from ?? 0)]).toBe('alter table ordrs add column y real;');
    expect(place?.message).toContain('ordrs');
    const { failure } = await describeMigration(context, target, '1');
    expect(failure).toMatchObject({ run: started.id, line: 3, column: 13 });

    await writeFile(path.join(source, '1_bad.sql'), bad.replace('ordrs', 'orders'));
    expect((await failedPlace(context, started.id))?.text).toContain('ordrs');
    expect((await describeMigration(context, target, '1')).failure).toBeNull();
  });

  test('is looked up in the file where a script is too long to be kept', async () => {
    await using test = await testBackend();
    await using database = await testDatabase('sqlite');
    const { source, target } = await environmentOn(test, database.url, {
      '1_bad.sql': `-- migrate:up\n${'-- a comment that says nothing\n'.repeat(12_000)}insert into nowhere values (1);\n-- migrate:down\nselect 1;\n`,
    });
    const { context } = test.backend;
    const started = await startRun(context, {
      target,
      wanted: { direction: 'up' },
      fingerprint: null,
      backup: false,
      confirm: null,
      reason: null,
      accept: [],
      continueOnError: false,
    });
    await started.finished;
    const place = await failedPlace(context, started.id);
    expect(place).toMatchObject({ line: 12_002, source: 'file' });
    expect(place?.text.split('\n')[12_002 - (place?.from ?? 0)]).toBe('insert into nowhere values (1);');
    await appendFile(path.join(source, '1_bad.sql'), 'select 1;\n');
    expect(await failedPlace(context, started.id)).toMatchObject({ line: 12_002 });
  });
});

describe('a long script', () => {
  test('is described at once, and analysed while others have their turns', async () => {
    await using test = await testBackend();
    await using database = await testDatabase('sqlite');
    const rows = 30_000;
    const up = Array.from({ length: rows }, (_, row) => `insert into orders values (${row}, 'an order like others');`);
    const { target } = await environmentOn(test, database.url, {
      '1_fill.sql': `-- migrate:up\n${up.join('\n')}\ndrop table orders;\n-- migrate:down\nselect 1;\n`,
      '2_short.sql': '-- migrate:up\ncreate table a (x integer);\n-- migrate:down\ndrop table a;\n',
    });
    const { context } = test.backend;
    const atOnce = await describeMigration(context, target, '1', 'later');
    expect(atOnce).toMatchObject({ analysed: false, statements: 0, hazards: [], version: '1' });
    expect(atOnce.upSql).toContain("values (0, 'an order like others');");

    let turns = 0;
    let isOver = false;
    const takeTurns = (): void => {
      turns += 1;
      if (!isOver) setImmediate(takeTurns);
    };
    takeTurns();
    const whole = await describeMigration(context, target, '1');
    isOver = true;
    expect(whole).toMatchObject({ analysed: true, statements: rows + 1, tables: ['orders'] });
    expect(whole.hazards.map(({ line }) => line)).toContain(rows + 2);
    // At least one for each part of it.
    expect(turns).toBeGreaterThan(whole.upSql === null ? Number.POSITIVE_INFINITY : whole.upSql.length / 65_536);

    expect(await describeMigration(context, target, '2', 'later')).toMatchObject({ analysed: true, statements: 1 });
  });
});
