import { expect, it } from 'vitest';
import { addEnvironment, editEnvironment } from '../../electron/services/environments.ts';
import { testConnection } from '../../electron/services/testConnection.ts';
import type { Connection } from '../../shared/model/environment.ts';
import { testBackend } from './backend.ts';

it('a stored password is never sent to another address', async () => {
  await using test = await testBackend();
  const { context } = test.backend;
  const connection: Connection = {
    engine: 'postgres',
    host: '127.0.0.1',
    port: 1,
    database: 'shop',
    user: 'app',
    tls: 'disable',
  };
  const elsewhere: Connection = { ...connection, host: '127.0.0.2' };
  const environment = await addEnvironment(context, {
    name: 'shop',
    tier: 'development',
    colour: 'grey',
    group: '',
    connection,
    source: null,
    secret: { password: 'canary', keep: 'ask' },
  });
  const refusal = { problem: { code: 'connect.secretMissing' } };
  await expect(
    testConnection(context, { connection: elsewhere, password: null, id: environment.id }),
  ).rejects.toMatchObject(refusal);
  await expect(editEnvironment(context, { id: environment.id, connection: elsewhere })).rejects.toMatchObject(refusal);
  const renamed = await editEnvironment(context, {
    id: environment.id,
    connection: { ...connection, database: 'other' },
  });
  expect(renamed.connection).toMatchObject({ database: 'other' });
  const moved = await editEnvironment(context, {
    id: environment.id,
    connection: elsewhere,
    secret: { password: 'new one', keep: 'ask' },
  });
  expect(moved.connection).toMatchObject({ host: '127.0.0.2' });
  // By another SSH server the same address is another computer.
  const ssh = { host: 'bastion' };
  await expect(
    editEnvironment(context, { id: environment.id, connection: { ...elsewhere, ssh } }),
  ).rejects.toMatchObject(refusal);
  const { id: _id, credential: _credential, ...fields } = moved;
  const copy = { ...fields, name: 'copy', secret: null, secretOf: moved.id };
  await expect(addEnvironment(context, { ...copy, connection })).rejects.toMatchObject(refusal);
  const { id, credential } = await addEnvironment(context, copy);
  expect(credential).toEqual({ kind: 'ask' });
  expect(await context.credentials.session.get(id)).toMatchObject({ value: 'new one' });
});
