import { describe, expect, test } from 'vitest';
import { drivers } from '../../../electron/databases/registry.ts';
import { insertValues } from '../../../electron/engine/placeholders.ts';
import type { Script } from '../../../shared/model/migration.ts';
import { ProblemError } from '../../../shared/problem.ts';

const script: Script = { kind: 'text', text: '', path: 'a.sql', line: 1, sha256: '', bytes: 0 };
const values: Readonly<Record<string, string>> = { a: '1', b: 'two', 'c.d': '3', quote: "'", batch: '7' };

describe.each(drivers.map((driver) => [driver.title, driver] as const))('%s', (_, { sql, dialect, id }) => {
  const insert = (text: string): string =>
    insertValues({ index: 0, text, line: 1, column: 1, copiesData: false }, script, sql, {
      dialect,
      valueOf: (name) => values[name] ?? null,
    }).text;

  test.each([
    [`select \${a} + \${a}`, 'select 1 + 1'],
    [`select * from t_\${b}`, 'select * from t_two'],
    [`select * from \${b}_t where 1\${a} = 2`, 'select * from two_t where 11 = 2'],
    [`select '\${b}', '''\${b}'''`, "select 'two', '''two'''"],
    [`select \${b:literal}`, "select 'two'"],
    [`select -- \${nobody}\n \${a} /* \${nobody} */`, `select -- \${nobody}\n 1 /* \${nobody} */`],
    [`select '\${{b}}' as x`, `select '\${b}' as x`],
    [`select \${c.d}`, 'select 3'],
    ['select 1', 'select 1'],
    [`select '$', '{', '$ {b}', '{b}'`, `select '$', '{', '$ {b}', '{b}'`],
  ])('%s', (written, sent) => {
    expect(insert(written)).toBe(sent);
  });

  test('a name is quoted as the engine quotes names', () => {
    expect(insert(`select \${b:identifier}`)).toBe(`select ${dialect.quoteIdentifier('two')}`);
  });

  test('a value is never read for placeholders again', () => {
    expect(
      insertValues({ index: 0, text: `select '\${x}'`, line: 1, column: 1, copiesData: false }, script, sql, {
        dialect,
        valueOf: () => `\${a}`,
      }).text,
    ).toBe(`select '\${a}'`);
  });

  test.each([
    [`select '\${quote}'`, 9],
    [`select\n   '\${nobody}'`, 5],
    [`select \${}`, 8],
    [`select \${a b}`, 8],
  ])('%s is refused at its place', (written, column) => {
    expect(() => insert(written)).toThrow(ProblemError);
    try {
      insert(written);
    } catch (thrown) {
      expect(thrown).toMatchObject({ problem: { path: 'a.sql', column } });
    }
  });

  if (id === 'postgres')
    test('bodies in dollar quotes are left alone', () => {
      const body = `do $body$ begin raise notice '\${nobody}'; end $body$`;
      expect(insert(body)).toBe(body);
      expect(insert(`select $$\${nobody}$$, E'\${b}', "\${b}", $1`)).toBe(`select $$\${nobody}$$, E'two', "two", $1`);
    });

  if (id === 'mysql')
    test('comments that the server executes are code', () => {
      expect(insert(`/*!40000 alter table \${b} disable keys */`)).toBe('/*!40000 alter table two disable keys */');
      expect(insert(`select 1 # \${nobody}`)).toBe(`select 1 # \${nobody}`);
    });
});
