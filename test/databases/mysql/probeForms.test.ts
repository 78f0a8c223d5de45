// Each form of statement, judged after it ran, where it did not, and where somebody else changed the same object.
import { describe, expect, test } from 'vitest';
import { probe } from '../../../electron/databases/mysql/probe.ts';
import type { MysqlSession } from '../../../electron/databases/mysql/session.ts';
import { inDatabase, statementMix } from '../../crash/statementMix.ts';
import { mariadb } from '../../servers/index.ts';
import { controls, open, recorder } from './support.ts';

const mix = statementMix.filter(({ engine }) => engine === 'mariadb');

async function look(session: MysqlSession, expression: string): Promise<unknown> {
  const [row] = await session.query(`SELECT ${expression} AS value`);
  return row?.['value'];
}

async function prepared(
  form: (typeof mix)[number],
  work: (session: MysqlSession, of: (sql: string) => string) => Promise<void>,
) {
  const server = await mariadb();
  await using database = await server.createDatabase();
  await using opened = await open({ server, database: database.name });
  const of = (sql: string) => inDatabase(sql, database.name);
  try {
    await opened.session.send(controls(...form.setup.map(of)), recorder());
    await work(opened.session, of);
  } finally {
    if (form.teardown !== undefined) {
      await using second = await open({ server, database: database.name });
      await second.session.send(controls(...form.teardown.map(of)), recorder());
    }
  }
}

/** What cannot be asked, because there is no such object, is not visible. */
async function visible(session: MysqlSession, effect: string | null | undefined): Promise<boolean | null> {
  if (effect === null || effect === undefined) return null;
  return String(await look(session, effect).catch(() => 0)) === '1';
}

describe.each(mix)('$name', (form) => {
  test('that ran is done', () =>
    prepared(form, async (session, of) => {
      const judged = probe(of(form.statement));
      const before = await look(session, judged?.state ?? 'NULL');
      expect(before).toEqual(expect.stringMatching(/^.{1,255}$/));
      await session.send(controls(of(form.statement)), recorder());
      if (judged?.repeatable === true) return;
      if (/^LOCK/.test(form.statement)) await session.send(controls('UNLOCK TABLES'), recorder());
      expect(await look(session, judged?.state ?? '')).not.toEqual(before);
      expect(await visible(session, judged?.effect)).toBe(true);
    }));

  test('that did not run is not done', () =>
    prepared(form, async (session, of) => {
      const judged = probe(of(form.statement));
      const before = await look(session, judged?.state ?? 'NULL');
      expect(await look(session, judged?.state ?? 'NULL')).toEqual(before);
      expect(before).not.toBeNull();
      if (judged?.repeatable !== true) expect(await visible(session, judged?.effect)).toBe(false);
    }));

  test.skipIf(form.disturbance.length === 0)('that did not run where another did something else is not done', () =>
    prepared(form, async (session, of) => {
      const judged = probe(of(form.statement));
      const before = await look(session, judged?.state ?? 'NULL');
      await session.send(controls(...form.disturbance.map(of)), recorder());
      expect(await look(session, judged?.state ?? 'NULL')).not.toEqual(before);
      expect(await visible(session, judged?.effect)).not.toBe(true);
    }),
  );
});
