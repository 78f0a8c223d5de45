/** Reports of real runs and rehearsals, in every format. */
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rememberSecret } from '../../electron/services/redact.ts';
import { rehearsalLimitMs } from '../../electron/services/rehearse.ts';
import { readReport } from '../../electron/services/report/readReport.ts';
import { writeReport } from '../../electron/services/report/writeReport.ts';
import { startBackup } from '../../electron/services/startBackup.ts';
import { startRehearsal } from '../../electron/services/startRehearsal.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const hostile = `<script>alert('x')</script>\u202e`;
const files = {
  '1_ships.sql': `-- migrate:up
create table ships (id integer, name varchar(80));
insert into ships (id, name) values (1, '${hostile.replaceAll("'", "''")} Þórarinn Ωμέγα Корабль 船'), (2, 'secret-canary-77');
select id, name from ships order by id;
-- migrate:down
drop table ships;
`,
};
const text = (content: Uint8Array): string => new TextDecoder().decode(content);

describe.each(engines)('on %s', (engine) => {
  it('a run and its rehearsal are told whole, without a secret, and every text is escaped', {
    timeout: 120_000,
  }, async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    rememberSecret('secret-canary-77');
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, files));
    const backend = test.backend.context;
    const rehearsed = await (
      await startRehearsal(backend, {
        target,
        wanted: { direction: 'up' },
        copy: { kind: 'schema', tables: null },
        newBackup: 'never',
        accept: [],
        limitMs: rehearsalLimitMs,
      })
    ).finished;
    const { run: done } = await run(test.backend, target, {
      // The dump program that is here is older than that server.
      backup: engine !== 'postgres18',
      reason: `Change 7 ${hostile}`,
    });
    expect([rehearsed.outcome, done.outcome]).toEqual(['succeeded', 'succeeded']);

    const report = await readReport(backend, done.id);
    expect(report).toMatchObject({
      format: 'lockkeeper report 1',
      run: { id: done.id, action: 'up', outcome: 'succeeded', reason: `Change 7 ${hostile}` },
      environment: { target: { tool: 'dbmate' } },
      plan: { fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), rehearsal: rehearsed.rehearsal?.id },
      steps: [{ version: '1', outcome: 'succeeded' }],
      results: [{ version: '1', asked: 'script', result: { rowCount: 2 } }],
      audit: [
        { action: 'up', sound: true },
        { action: 'run ended', sound: true },
      ],
      gaps: [],
    });
    expect(report.phases.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['lock', 'migrate', 'verify']));
    if (engine !== 'postgres18')
      expect(report).toMatchObject({
        plan: { backup: true, skippedBackup: false },
        backup: { level: 'checked', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      });
    expect(report.results[0]?.result.rows.map(([id]) => id)).toEqual(['1', '2']);

    const html = text((await writeReport(backend, done.id, 'html')).content);
    expect(html).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(html).toContain(`default-src 'none'`);
    expect(html).toContain('Þórarinn Ωμέγα Корабль 船');
    expect(html).not.toMatch(/<script|\u202e|https?:/);
    const json = text((await writeReport(backend, done.id, 'json')).content);
    expect(JSON.parse(json)).toEqual(report);
    for (const written of [html, json]) expect(written).not.toContain('secret-canary-77');

    const ofRehearsal = await readReport(backend, rehearsed.rehearsal?.id ?? '');
    expect(ofRehearsal).toMatchObject({ run: { id: rehearsed.id }, rehearsal: { outcome: 'passed' } });
    expect(ofRehearsal).toEqual(await readReport(backend, rehearsed.id));
    expect(text((await writeReport(backend, rehearsed.id, 'html')).content)).toContain(
      'The schema before is restored.',
    );

    const pdf = (await writeReport(backend, done.id, 'pdf')).content;
    const shown = signsOf(pdf);
    // A sign that the fonts do not have stands as its code point, `<U+8239>`.
    for (const sign of 'ÞΩμКорабль<U+8239>') expect(shown).toContain(sign);
    expect(shown).not.toContain('船');
    expect(Buffer.compare(pdf, (await writeReport(backend, done.id, 'pdf')).content)).toBe(0);
  });
});

it('what has become a secret since is hidden, and an entry that was changed is told', async () => {
  await using own = await testBackend();
  await using database = await testDatabase('sqlite');
  const target = adHoc(database.url, await writeFolder(own.folder, files));
  const { run: done } = await run(own.backend, target, { reason: 'the password is hunter2hunter2' });
  rememberSecret('hunter2hunter2');
  await forge(own, `UPDATE audit SET actor = 'nobody' WHERE action = 'run ended'`);
  const { content } = await writeReport(own.backend.context, done.id, 'html');
  expect(text(content)).not.toContain('hunter2hunter2');
  expect(text(content)).toContain('this is not the hash of the entry');
});

it('a backup and a run whose log was removed have a report, and an unknown id has none', async () => {
  await using own = await testBackend();
  await using database = await testDatabase('sqlite');
  const { context } = own.backend;
  const target = adHoc(database.url, await writeFolder(own.folder, files));
  const { id } = await (await startBackup(context, target)).finished;
  expect(await readReport(context, id)).toMatchObject({
    run: { action: 'backup' },
    backup: { level: 'checked' },
    plan: null,
  });
  await context.workspace.runEvents.remove(id);
  const bare = await readReport(context, id);
  expect(bare).toMatchObject({
    run: { outcome: 'succeeded' },
    phases: [],
    gaps: [expect.stringContaining('log was removed')],
  });
  expect((await writeReport(context, id, 'pdf')).content.byteLength).toBeGreaterThan(1_000);
  await expect(readReport(context, 'nothing')).rejects.toMatchObject({ problem: { code: 'run.notFound' } });
});

async function forge({ folder }: TestBackend, sql: string): Promise<void> {
  const database = new Database(path.join(folder, 'data', 'workspace.db'));
  database.exec(`DROP TRIGGER audit_is_never_changed; ${sql}`);
  database.close();
}

/** Every sign that a PDF shows, by the tables that map its fonts' glyphs to Unicode. */
function signsOf(pdf: Uint8Array): string {
  const bytes = Buffer.from(pdf).toString('latin1');
  const streams = [...bytes.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body = '']) => {
    try {
      return inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  const maps = streams.filter((stream) => stream.includes('beginbfrange'));
  const codes = maps.flatMap((map) => [...map.matchAll(/[[ ]<([0-9a-f]{4})>/gi)].map(([, code = '']) => code));
  return codes.map((code) => String.fromCharCode(Number.parseInt(code, 16))).join('');
}
