/** Calls a migration of knex with the project's own knex, as its Migrator does (lib/migrations/migrate/Migrator.js). */
import type { EngineId } from '../../../../../shared/model/environment.ts';
import type { FromChild, Start } from '../../protocol.ts';
import { loadActions } from '../actions.ts';
import type { Handle } from '../handle.ts';
import { actionOf, concluded, type Library, libraryOf } from './library.ts';

type Constructor = new (...given: never[]) => object;
interface Knex {
  transaction(work: (transaction: object) => unknown): Promise<unknown>;
  destroy(): Promise<void>;
}

const dialects: Readonly<Record<EngineId, string>> = { postgres: 'postgres', mysql: 'mysql2', sqlite: 'sqlite3' };

export async function runKnex(start: Start, handle: Handle): Promise<FromChild> {
  const action = actionOf(await loadActions(start.main), start);
  if (typeof action !== 'function') return action;
  const library = libraryOf(start, handle);
  const knex = open(library, start, handle);
  // Its transactions take promises only, as those of its Migrator do.
  if (start.wantsTransaction) await knex.transaction(async (transaction) => action(transaction));
  else await action(knex);
  const end = await concluded(library, handle);
  await knex.destroy();
  return end;
}

function open({ load, engine, driver }: Library, { database }: Start, { given }: Handle): Knex {
  const Dialect = load(`lib/dialects/${dialects[engine]}/index.js`) as Constructor;
  class Client extends Dialect {
    _driver(): object {
      return driver;
    }
  }
  const say = (...words: readonly unknown[]): void => given.log(...words);
  const make = load() as (config: object) => Knex;
  return make({
    client: Client,
    connection: { database, filename: ':memory:' },
    useNullAsDefault: true,
    pool: { min: 0, max: engine === 'sqlite' ? 1 : 10 },
    log: { debug: say, warn: say, error: say, deprecate: say },
  });
}
