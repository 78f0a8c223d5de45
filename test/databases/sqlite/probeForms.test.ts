// Each form of statement, judged after it ran, where it did not, and where somebody else changed the same object.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { probe } from '../../../electron/databases/sqlite/probe.ts';
import { type MixForm, statementMix } from '../../crash/statementMix.ts';
import { temporaryFolder } from './support.ts';

const mix = statementMix.filter(({ engine }) => engine === 'sqlite');

function prepared(form: MixForm, work: (database: Database.Database, value: (expression: string) => unknown) => void) {
  const database = new Database(join(temporaryFolder(), 'forms.db'));
  try {
    for (const sql of form.setup) database.exec(sql);
    work(database, (expression) => database.prepare(`SELECT ${expression}`).pluck().get());
  } finally {
    database.close();
  }
}

describe.each(mix)('$name', (form) => {
  const judged = probe(form.statement);
  const state = judged?.state ?? 'NULL';
  const effect = judged?.effect ?? 'NULL';

  test('that ran is done', () =>
    prepared(form, (database, value) => {
      const before = value(state);
      expect(before).not.toBeNull();
      database.exec(form.statement);
      if (judged?.repeatable === true) {
        database.exec(form.statement);
        return;
      }
      expect(value(state)).not.toEqual(before);
      expect(value(effect)).toBe(1);
    }));

  test('that did not run is not done', () =>
    prepared(form, (_database, value) => {
      expect(value(state)).not.toBeNull();
      if (judged?.repeatable !== true) expect(value(effect)).toBe(0);
    }));

  test.skipIf(form.disturbance.length === 0)('that did not run where another did something else is not done', () =>
    prepared(form, (database, value) => {
      const before = value(state);
      for (const sql of form.disturbance) database.exec(sql);
      expect(value(state)).not.toEqual(before);
      expect(value(effect)).not.toBe(1);
    }),
  );
});
