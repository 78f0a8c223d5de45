// Scripts that no server could run as they are: refused before anything is sent, at their place, on every engine.
import { describe, expect, it } from 'vitest';
import type { TestEngine } from '../services/backend.ts';
import { applied, expectRefusal, expectSuccess, openDesk, pending, requireServer, type Told } from './support.ts';

interface Case {
  readonly name: string;
  /** From line 2 of the script. */
  readonly bad: string;
  readonly told: Told;
  readonly helped: string;
}

const clientCommand = 'script.clientCommand';
const unterminated = 'script.unterminated';

const quotes: readonly Case[] = [
  {
    name: 'an open quote',
    bad: "select 1;\n  select 'open;",
    told: { code: unterminated, line: 3, column: 10, hint: expect.stringContaining("Close it with '") },
    helped: "select 1;\n  select 'open';",
  },
  {
    name: 'an open comment',
    bad: 'select 1 /* open;',
    told: { code: unterminated, line: 2, column: 10, hint: expect.stringContaining('Close it with */') },
    helped: 'select 1 /* open */;',
  },
];

const ownCommit: Case = {
  name: 'an own COMMIT',
  bad: "insert into people values (2, 'Eve');\ncommit;\nselect 1;",
  told: { code: 'script.transactionControl', line: 3, hint: expect.stringContaining('Remove it from the script') },
  helped: "insert into people values (2, 'Eve');\nselect 1;",
};

const postgres: readonly Case[] = [
  ...quotes,
  ownCommit,
  {
    name: 'an open dollar quote',
    bad: 'select 1;\ndo $body$ begin null; end;',
    told: { code: unterminated, line: 3, column: 4, hint: expect.stringContaining('Close it with $body$') },
    helped: 'select 1;\ndo $body$ begin null; end $body$;',
  },
  {
    name: 'data of COPY without an end',
    bad: 'copy people from stdin;\n7\tEve',
    told: { code: unterminated, line: 2, column: 1, hint: expect.stringContaining('\\.') },
    helped: 'copy people from stdin;\n7\tEve\n\\.',
  },
  {
    name: 'an included file',
    bad: 'select 1;\n\\i other.sql',
    told: { code: clientCommand, line: 3, column: 1, hint: expect.stringContaining('the included file') },
    helped: 'select 1;\nselect 2;',
  },
  {
    name: 'a connection to another database',
    bad: '\\c other\nselect 1;',
    told: { code: clientCommand, line: 2, column: 1, hint: expect.stringContaining('Delete this line') },
    helped: 'select 1;',
  },
];

const mariadb: readonly Case[] = [
  ...quotes,
  {
    name: 'an open delimiter',
    bad: 'DELIMITER $$\ncreate procedure twice() begin select 1; select 2; end;',
    told: { code: unterminated, line: 3, column: 1, hint: expect.stringContaining('Close it with $$') },
    helped: 'DELIMITER $$\ncreate procedure twice() begin select 1; select 2; end $$\nDELIMITER ;',
  },
  {
    name: 'a delimiter that is none',
    bad: 'DELIMITER\nselect 1;',
    told: { code: unterminated, line: 2, hint: expect.stringContaining('DELIMITER $$') },
    helped: 'DELIMITER $$\nselect 1 $$\nDELIMITER ;',
  },
  {
    name: 'an included file',
    bad: 'select 1;\nsource other.sql',
    told: { code: clientCommand, line: 3, column: 1, hint: expect.stringContaining('the included file') },
    helped: 'select 1;\nselect 2;',
  },
  {
    name: 'an end by \\G',
    bad: 'select 1\\G',
    told: { code: clientCommand, line: 2, column: 9, hint: 'End the statement with ; instead.' },
    helped: 'select 1;',
  },
];

const sqlite: readonly Case[] = [
  ...quotes,
  ownCommit,
  {
    name: 'a command of the sqlite3 shell',
    bad: 'select 1;\n.read other.sql',
    told: { code: clientCommand, line: 3, column: 1, hint: expect.stringContaining('Replace this line') },
    helped: 'select 1;\nselect 2;',
  },
  {
    name: 'an open trigger',
    bad: 'create trigger t after insert on people begin select 1;',
    told: { code: unterminated, line: 2, column: 41, hint: expect.stringContaining('Close it with END') },
    helped: 'create trigger t after insert on people begin select 1; end;',
  },
];

const byEngine: readonly (readonly [TestEngine, readonly Case[]])[] = [
  ['postgres15', postgres],
  ['mariadb', mariadb],
  ['sqlite', sqlite],
];

describe.each(byEngine)('on %s', (engine, cases) => {
  it('is refused at its place, and accepted once the hint was followed', async (context) => {
    requireServer(context, engine);
    await using desk = await openDesk(engine);
    for (const { name, bad, told, helped } of cases) {
      await desk.fill({ ...applied, ...pending(bad) });
      await expectRefusal(desk, { path: '2_towns.sql', ...told }).catch((cause: unknown) => {
        throw new Error(name, { cause });
      });
      await desk.fill({ ...applied, ...pending(helped) });
      await expectSuccess(desk.up()).catch((cause: unknown) => {
        throw new Error(`${name}: the hint`, { cause });
      });
      await desk.forget();
    }
  });
});

it('a placeholder without a value, and one that is none', async () => {
  await using desk = await openDesk('sqlite');
  const own = { tool: 'lockkeeper', historyTable: 'lockkeeper_history' } as const;
  const script = (name: string) => ({
    '1_towns.sql': `-- lockkeeper:up\ncreate table towns (id integer);\n  insert into towns values (${name});\n`,
  });
  const told = { code: 'script.placeholderMissing', path: '1_towns.sql', line: 3, column: 29 } as const;
  await desk.fill(script(`\${first}`));
  const hint = expect.stringContaining('--set first=');
  await expectRefusal(desk, { ...told, hint }, () => desk.up({ overrides: own }));
  await expectSuccess(desk.up({ overrides: { ...own, placeholders: { first: '7' } } }));
  expect(await desk.database.query('select id from towns')).toEqual([{ id: 7 }]);
  await desk.fill({ ...script('7'), '2_more.sql': `-- lockkeeper:up\nselect \${no name};\n` });
  const invalid = { code: 'script.placeholderInvalid', path: '2_more.sql', line: 2, column: 8 } as const;
  await expectRefusal(desk, { ...invalid, hint: expect.stringContaining(`\${name:literal}`) }, () =>
    desk.up({ overrides: { ...own, placeholders: { first: '7' } } }),
  );
});
