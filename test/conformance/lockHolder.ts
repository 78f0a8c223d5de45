// A process of its own that takes a lock and keeps it until it is killed.
import type { Limits } from '../../electron/databases/driver.ts';
import type { Connection } from '../../shared/model/environment.ts';
import { driverWith } from './limits.ts';
import { holder, options } from './sessionOptions.ts';

export interface LockOrder {
  readonly connection: Connection;
  readonly password: string | null;
  readonly name: string;
  readonly limits: Limits;
}

process.once('message', async ({ connection, password, name, limits }: LockOrder) => {
  const session = await driverWith(connection.engine, limits).connect(connection, { ...options, password });
  const taken = await session.tryLock(name, holder('first'));
  process.send?.(taken === null ? 'holding' : 'refused');
});
process.once('disconnect', () => process.exit());
