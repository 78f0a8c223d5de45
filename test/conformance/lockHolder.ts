// A process of its own that takes a lock and keeps it until it is killed.
import { driverFor } from '../../electron/databases/registry.ts';
import type { Connection } from '../../shared/model/environment.ts';
import { holder, options } from './sessionOptions.ts';

export interface LockOrder {
  readonly connection: Connection;
  readonly password: string | null;
  readonly name: string;
}

process.once('message', async ({ connection, password, name }: LockOrder) => {
  const session = await driverFor(connection.engine).connect(connection, { ...options, password });
  const taken = await session.tryLock(name, holder('first'));
  process.send?.(taken === null ? 'holding' : 'refused');
});
process.once('disconnect', () => process.exit());
