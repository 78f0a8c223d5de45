/** The key of a password is derived once, and serves nobody who has another password. */
import { expect, test } from 'vitest';
import { expectFault, scalar } from '../../conformance/sessions.ts';
import { postgres15 } from '../../servers/index.ts';
import { openUrl } from './support.ts';

const who = 'SELECT session_user AS value';

test('a password signs in again and again, also several at once; another one never, and a new one at once', async () => {
  const server = await postgres15();
  await using database = await server.createDatabase();
  const clerk = await server.createUser({ password: 'Größe ½ \u00a0x' });
  const url = server.url(database.name, clerk);
  const signIn = async (password: string): Promise<unknown> => {
    await using session = await openUrl(url, { password, connection: { tls: 'disable' } });
    return await scalar(session, who);
  };
  const { user, password } = clerk;
  expect(await Promise.all([signIn(password), signIn(password), signIn(password)])).toEqual([user, user, user]);
  expect(await signIn(password)).toBe(user);
  await expectFault(signIn(`${password}.`), 'authentication');
  await server.query(`ALTER ROLE "${user}" PASSWORD 'changed'`);
  await expectFault(signIn(password), 'authentication');
  expect(await signIn('changed')).toBe(user);
  await using encrypted = await openUrl(url, { password: 'changed', connection: { tls: 'require' } });
  expect(await scalar(encrypted, who)).toBe(user);
});
