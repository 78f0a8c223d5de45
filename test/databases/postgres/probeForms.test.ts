// Each form of statement that refuses a transaction, judged after it ran, where it did not, and where somebody else
// changed the same object.
import { describe, expect, test } from 'vitest';
import { probe } from '../../../electron/databases/postgres/probe.ts';
import type { Session } from '../../../electron/engine/ports.ts';
import { listen, statements } from '../../conformance/sessions.ts';
import { inDatabase, type MixForm, statementMix } from '../../crash/statementMix.ts';
import { postgres15 } from '../../servers/index.ts';
import { openUrl } from './support.ts';

const mix = statementMix.filter(({ engine }) => engine === 'postgres');

async function look(session: Session, expression: string | null | undefined): Promise<string | null> {
  const [row] = await session.query(`SELECT (${expression ?? 'NULL'})::text AS value`);
  const value = row?.['value'];
  return typeof value === 'string' ? value : null;
}

/** Each alone: several in a message would be one transaction. */
async function run(session: Session, ...sql: readonly string[]): Promise<void> {
  for (const text of sql) await session.send(statements(text), listen());
}

async function prepared(form: MixForm, work: (session: Session, of: (sql: string) => string) => Promise<void>) {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url);
  const of = (sql: string) => inDatabase(sql, database.name);
  try {
    await run(session, ...form.setup.map(of));
    await work(session, of);
  } finally {
    for (const sql of form.teardown ?? []) await run(session, of(sql)).catch(() => undefined);
  }
}

describe.each(mix)('$name', (form) => {
  test('that ran is done', () =>
    prepared(form, async (session, of) => {
      const judged = probe(of(form.statement));
      const before = await look(session, judged?.state);
      expect(before).toEqual(expect.stringMatching(/^.{1,255}$/));
      await run(session, of(form.statement));
      if (judged?.repeatable === true) return;
      expect(await look(session, judged?.state)).not.toEqual(before);
      expect(await look(session, judged?.effect)).toBe('1');
    }));

  test('that did not run is not done', () =>
    prepared(form, async (session, of) => {
      const judged = probe(of(form.statement));
      const before = await look(session, judged?.state);
      expect(before).not.toBeNull();
      if (judged?.repeatable !== true) expect(await look(session, judged?.effect)).toBe('0');
      expect(await look(session, judged?.state)).toEqual(before);
    }));

  test.skipIf(form.disturbance.length === 0)('that did not run where another did something else is not done', () =>
    prepared(form, async (session, of) => {
      const judged = probe(of(form.statement));
      const before = await look(session, judged?.state);
      await run(session, ...form.disturbance.map(of));
      expect(await look(session, judged?.state)).not.toEqual(before);
      expect(await look(session, judged?.effect)).not.toBe('1');
    }),
  );
});
