/** What fails a whole run at its end is really seen. */
import { expect, test } from 'vitest';
import { shared, unavailable } from '../servers/index.ts';
import { leftoversOn } from './leftovers.ts';
import { skipBecause } from './skip.ts';

test.for(['postgres15', 'mariadb'] as const)('copies and logins left on %s are found', async (kind, context) => {
  const reason = unavailable(kind);
  if (reason !== undefined) skipBecause(context, reason);
  const server = await shared(kind);
  const names = { copy: 'lockkeeper_copy_of0leftovers0test', scratch: 'lockkeeper_test_of0leftovers0test' };
  const mine = (what: string) => what.includes('of0leftovers0test');
  await server.query(`CREATE DATABASE ${names.copy}`);
  await server.query(`CREATE DATABASE ${names.scratch}`);
  await server.createUser({ user: names.copy });
  try {
    expect((await leftoversOn(kind, server)).filter(mine)).toEqual([
      `${kind}: database ${names.copy}`,
      `${kind}: database ${names.scratch}`,
      `${kind}: login ${names.copy}`,
    ]);
  } finally {
    await server.query(`DROP DATABASE ${names.copy}`);
    await server.query(`DROP DATABASE ${names.scratch}`);
    await server.query(`DROP ${kind === 'mariadb' ? 'USER' : 'ROLE'} ${names.copy}`);
  }
  expect((await leftoversOn(kind, server)).filter(mine)).toEqual([]);
});
