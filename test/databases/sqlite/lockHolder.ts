/**
 * Run as a process of its own: takes the lock of the file named first, says so, and keeps it until it is killed: idle, busy,
 * or waiting for another connection for as long as it takes.
 */
import { sqliteDriver } from '../../../electron/databases/sqlite/index.ts';
import { control, endlessSelect, holder, statement, usualOptions } from './parts.ts';

const [, , file = '', work = 'idle'] = process.argv;
const session = await sqliteDriver.connect({ engine: 'sqlite', file }, { ...usualOptions, lockTimeoutMs: 0 });
const other = await session.tryLock('history', holder('holder'));
process.stdout.write(other === null ? 'held\n' : 'refused\n');
if (other !== null) await session.close();
else if (work !== 'idle')
  await session.send([control('BEGIN IMMEDIATE'), statement(endlessSelect)], {
    completed: () => undefined,
    notice: () => undefined,
  });
else process.stdin.resume();
