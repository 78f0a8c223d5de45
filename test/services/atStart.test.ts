/** Pending migrations that are applied when Lockkeeper opens. */
import { describe, expect, it } from 'vitest';
import { afterOpening, beforeOpening } from '../../electron/services/atStart.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { saveSettings } from '../../electron/services/settings.ts';
import { weekdays } from '../../shared/model/changeWindow.ts';
import type { Tier } from '../../shared/model/environment.ts';
import type { SettingsLayer } from '../../shared/model/settings.ts';
import { type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';
import { environmentOf } from './values.ts';

const good = { '1_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\ndrop table a;\n' };
const broken = { '1_a.sql': '-- migrate:up\nselect * from nowhere;\n-- migrate:down\n' };
const risky = {
  '1_a.sql':
    '-- migrate:up transaction:false\npragma writable_schema = on;\ncreate table a (id integer);\n-- migrate:down\n',
};

async function open(
  test: TestBackend,
  values: SettingsLayer,
  { files = good, tier = 'development' }: { files?: Record<string, string>; tier?: Tier } = {},
) {
  const { context } = test.backend;
  const database = await testDatabase('sqlite');
  const source = await writeFolder(test.folder, files);
  const { id } = await addEnvironment(context, { ...environmentOf(database.url, source), tier });
  await saveSettings(context, { layer: { scope: { kind: 'environment', id }, values } });
  const said: string[] = [];
  const failure = await beforeOpening(context, (line) => said.push(line)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const before = said.length;
  const again: string[] = [];
  if (failure === null) await afterOpening(context, (line) => said.push(line));
  if (failure === null) await afterOpening(context, (line) => again.push(line));
  const tables = (await database.query("select name from sqlite_schema where name = 'a'")).length;
  await database[Symbol.asyncDispose]();
  return { failure, said, again, before, tables };
}

describe('When Lockkeeper opens', () => {
  it('nothing is applied unless it was set', async () => {
    await using test = await testBackend();
    expect(await open(test, {})).toMatchObject({ failure: null, said: [], tables: 0 });
  });

  it('pending migrations are applied beside it, with the backup their tier asks for', async () => {
    await using test = await testBackend();
    const opened = await open(test, { applyAtStart: 'apply' }, { tier: 'test' });
    expect(opened).toMatchObject({ failure: null, said: ['ward: applied 1.'], before: 0, tables: 1 });
    expect(test.backend.context.workspace.backups.list()).toHaveLength(1);
    expect(opened.again).toEqual(['ward is up to date.']);
    // The database is gone by now: that is told, and nothing else happens.
    const gone: string[] = [];
    await afterOpening(test.backend.context, (line) => gone.push(line));
    expect(gone).toEqual([expect.stringContaining('There is no database')]);
  });

  it('or before it, which stops it when they fail', async () => {
    await using test = await testBackend();
    expect(await open(test, { applyAtStart: 'failHard' })).toMatchObject({ failure: null, before: 1, tables: 1 });
    await using other = await testBackend();
    const { failure } = await open(other, { applyAtStart: 'failHard' }, { files: broken });
    expect(failure).toMatchObject({ problem: { code: 'database.statementFailed' } });
  });

  it('what only a person may accept is not accepted', async () => {
    await using test = await testBackend();
    const { said, tables } = await open(
      test,
      { applyAtStart: 'apply', protection: { acceptHazards: true } },
      { files: risky },
    );
    expect(said).toEqual([expect.stringMatching(/asks for a reason/)]);
    expect(tables).toBe(0);
  });

  it.each([
    ['production', {}],
    ['production', { protection: { typedName: false, reason: false, backup: 'none' } }],
    ['development', { protection: { typedName: true } }],
    ['test', { protection: { reason: true } }],
  ] as const)('a protected environment is never touched: %s %j', async (tier, values) => {
    await using test = await testBackend();
    const apply = await open(test, { ...values, applyAtStart: 'apply' }, { tier });
    expect(apply).toMatchObject({ failure: null, said: [expect.stringContaining('is protected')], tables: 0 });
    await using other = await testBackend();
    const hard = await open(other, { ...values, applyAtStart: 'failHard' }, { tier });
    expect(hard).toMatchObject({ failure: { problem: { code: 'gate.confirmation' } }, tables: 0 });
  });

  it('a protected environment only inside of its change window, with what else is asked for', async () => {
    const protection = {
      typedName: true,
      reason: true,
      backup: 'checked',
      acceptHazards: true,
      rehearsalHours: null,
    } as const;
    const window = (inDays: number) => {
      const day = weekdays[(new Date(Date.now() + inDays * 86_400_000).getUTCDay() + 6) % 7] ?? 'monday';
      return [{ days: inDays === 0 ? [...weekdays] : [day], from: '00:00', to: '00:00', timeZone: 'UTC' }];
    };
    await using inside = await testBackend();
    const values = { applyAtStart: 'apply', protection: { ...protection, changeWindows: window(0) } } as const;
    expect(await open(inside, values, { tier: 'production' })).toMatchObject({ said: ['ward: applied 1.'], tables: 1 });
    const { workspace } = inside.backend.context;
    expect(workspace.backups.list()).toMatchObject([{ level: 'checked' }]);
    expect(workspace.runs.list({ limit: 1 })[0]).toMatchObject({ action: 'up', outcome: 'succeeded' });
    await using outside = await testBackend();
    const closed = { ...values, protection: { ...protection, changeWindows: window(3) } };
    expect(await open(outside, closed, { tier: 'production' })).toMatchObject({ tables: 0 });
    await using asked = await testBackend();
    const rehearsed = { ...values, protection: { ...values.protection, rehearsalHours: 24 } };
    expect(await open(asked, rehearsed, { tier: 'production' })).toMatchObject({
      said: [expect.stringContaining('rehears')],
      tables: 0,
    });
  });
});
