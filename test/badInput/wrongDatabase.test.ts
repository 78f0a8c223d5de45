// The wrong database: its identity is shown where one confirms, and what was planned for another one is refused.
import path from 'node:path';
import { expect, it } from 'vitest';
import { applied, attemptOf, expectRefusal, expectSuccess, openDesk, pending, requireServer } from './support.ts';

const towns = { ...applied, ...pending('create table towns (id integer);') };

it('a plan made for another database, however alike', async (context) => {
  requireServer(context, 'postgres15');
  await using desk = await openDesk('postgres15');
  await using other = await openDesk('postgres15');
  await desk.fill(towns);
  await other.fill(towns);
  const file = path.join(desk.folder, 'plan.json');
  expect((await desk.call(['plan', '--out', file])).code).toBe(0);
  const told = { code: 'plan.stale', hint: expect.stringContaining('new plan') } as const;
  await expectRefusal(other, told, async () => attemptOf(await other.call(['up', '--plan', file])));
  await expectSuccess(desk.call(['up', '--plan', file]).then(attemptOf));
});

it('a protected one: the plan names server and database, and only its own name confirms', async (context) => {
  requireServer(context, 'postgres15');
  await using desk = await openDesk('postgres15');
  await desk.fill(towns);
  const { host, pathname } = new URL(desk.database.url);
  const confirm = `${pathname.slice(1)}@127.0.0.1`;
  const production = ['up', '--tier', 'production', '--reason', 'release 2', '--no-color'];
  const shown = await desk.call(production, { json: false });
  expect(shown.stderr + shown.stdout).toContain(`${host}${pathname}`);
  expect(shown.code).toBe(7);
  const told = { code: 'gate.confirmation', hint: expect.stringContaining(confirm) } as const;
  await expectRefusal(desk, told, async () => attemptOf(await desk.call([...production, '--confirm', 'staging'])));
  await expectSuccess(desk.call([...production, '--confirm', confirm, '--accept', 'notRehearsed']).then(attemptOf));
});
