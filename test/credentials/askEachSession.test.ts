import { expect, test } from 'vitest';
import { createAskEachSession } from '../../electron/credentials/askEachSession.ts';

const available = (value: unknown) => ({ kind: 'available', value });

test('What was asked for is kept in this process until it is cleared', async () => {
  const store = createAskEachSession();
  expect(await store.get('env 1')).toEqual(available(null));
  await store.set('env 1', 'secret');
  expect(await store.get('env 1')).toEqual(available('secret'));
  expect(await createAskEachSession().get('env 1')).toEqual(available(null));
  expect(await store.delete('env 1')).toEqual(available(true));
  expect(await store.delete('env 1')).toEqual(available(false));
  await store.set('env 1', 'secret');
  store.clear();
  expect(await store.get('env 1')).toEqual(available(null));
  expect(await store.health()).toEqual(available(true));
});
