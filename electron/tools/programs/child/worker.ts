/** Entry of the process that runs one function of one program. Nothing of the program is loaded before it is fenced in. */
import type { FromChild, Start, ToChild } from '../protocol.ts';
import { loadActions } from './actions.ts';
import { IrreversibleError, runBuilder } from './builder.ts';
import { fence } from './fence.ts';
import { createHandle, type Handle } from './handle.ts';
import { runKnex } from './libraries/knex.ts';
import { actionOf } from './libraries/library.ts';
import { runSequelize } from './libraries/sequelize.ts';
import { runTypeorm } from './libraries/typeorm.ts';
import { ChangedError, restrictLoading } from './loader.ts';
import { placeOf } from './places.ts';

const speak = process.send?.bind(process);
const post = (message: FromChild): Promise<void> =>
  new Promise((resolve) => {
    if (speak === undefined) resolve();
    else speak(message, () => resolve());
  });

process.once('message', (message: ToChild) => {
  if (message.type === 'start') void perform(message);
});
// A key pressed in the terminal reaches every process; only Lockkeeper itself decides what it means.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));

async function perform(start: Start): Promise<void> {
  const handle = createHandle(start, post);
  process.on('message', (message: ToChild) => handle.answer(message));
  const fail = async (thrown: unknown): Promise<void> => {
    await post(failure(thrown, start));
    process.exit(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  // The way from a library's query back to the migration's own line is long.
  Error.stackTraceLimit = 60;
  fence();
  restrictLoading(start);
  try {
    await post(await run(start, handle));
    process.exit(0);
  } catch (thrown) {
    await fail(thrown);
  }
}

async function run(start: Start, handle: Handle): Promise<FromChild> {
  switch (start.calledWith) {
    case 'pgm':
      return runBuilder(start, handle);
    case 'knex':
      return runKnex(start, handle);
    case 'sequelize':
      return runSequelize(start, handle);
    case 'typeorm':
      return runTypeorm(start, handle);
    case 'handle':
      return runAction(start, handle);
  }
}

async function runAction(start: Start, handle: Handle): Promise<FromChild> {
  const actions = await loadActions(start.main);
  const action = actionOf(actions, start);
  if (typeof action !== 'function') return action;
  await action(handle.given);
  await handle.settled();
  return { type: 'done', sql: null, transaction: true };
}

function failure(thrown: unknown, start: Start): FromChild {
  if (thrown instanceof ChangedError) return { type: 'changed', path: thrown.message };
  if (thrown instanceof IrreversibleError) return { type: 'irreversible', reason: thrown.message };
  const [message, stack] = thrown instanceof Error ? [thrown.message, thrown.stack ?? ''] : [String(thrown), ''];
  return {
    type: 'failed',
    message: message.slice(0, 10_000),
    stack: stack.slice(0, 10_000),
    place: placeOf(stack, start),
  };
}
