// What a server says may hold anything: nothing of it is obeyed by a terminal, and all of it stays valid JSON.
import { expect, it } from 'vitest';
import { applied, openDesk, pending, requireServer } from './support.ts';

/** Clears the screen, sets the title, colours, goes back, reorders; by C0, DEL and C1 controls. */
const hostile = '\u001b[2J\u001b]0;owned\u0007\u001b[31mred\r\u0008\u007f\u009b2J\u202egnp.exe';
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

it('PostgreSQL: notices, errors and rows', async (context) => {
  requireServer(context, 'postgres15');
  await using desk = await openDesk('postgres15');
  const up = `do $$ begin raise notice '%', 'note ${hostile}'; end $$;\nselect 'row ${hostile}' as "col ${hostile}";\ndo $$ begin raise exception '%', 'error ${hostile}' using detail = 'detail ${hostile}', hint = 'hint ${hostile}'; end $$;`;
  await desk.fill({ ...applied, ...pending(up) });
  const before = await desk.contents();
  const shown = await desk.call(['up', '--verbose'], { json: false });
  expect(shown.code).toBe(1);
  for (const word of ['note', 'error', 'detail', 'hint']) expect(shown.stderr).toContain(`${word} `);
  expect(shown.stderr + shown.stdout).not.toMatch(controls);
  const told = await desk.call(['up']);
  expect(told.json()).toMatchObject({
    problem: {
      code: 'database.statementFailed',
      path: '2_towns.sql',
      serverMessage: expect.stringContaining('error '),
    },
  });
  expect(told.stdout).not.toMatch(controls);
  const log = await desk.call(['logs', String(told.json()['run'])], { json: false });
  expect(log.stdout).toContain('row ');
  expect(log.stdout).not.toMatch(controls);
  expect(await desk.contents()).toEqual(before);
});

it('MariaDB and SQLite: errors', async (context) => {
  requireServer(context, 'mariadb');
  for (const engine of ['mariadb', 'sqlite'] as const) {
    await using desk = await openDesk(engine);
    const quote = engine === 'mariadb' ? '`' : '"';
    await desk.fill({ ...applied, ...pending(`select * from ${quote}nowhere ${hostile}${quote};`) });
    const before = await desk.contents();
    const shown = await desk.call(['up', '--verbose'], { json: false });
    expect(shown.stderr).toContain('nowhere ');
    expect(shown.stderr + shown.stdout).not.toMatch(controls);
    const { problem } = await desk.up();
    expect(problem).toMatchObject({
      code: 'database.statementFailed',
      line: 2,
      hint: expect.stringContaining('Correct'),
    });
    expect(await desk.contents()).toEqual(before);
  }
});

it('names of files', async () => {
  await using desk = await openDesk('sqlite');
  await desk.fill({ ...applied, [`2_x${hostile.replaceAll('/', '')}.sql`]: '-- migrate:up\nbad;\n-- migrate:down\n' });
  const shown = await desk.call(['up'], { json: false });
  expect(shown.code).toBe(1);
  expect(shown.stderr + shown.stdout).not.toMatch(controls);
});
