/** Calls a migration of sequelize-cli or umzug with the project's own Sequelize (sequelize-cli: src/core/migrator.js). */
import { basename } from 'node:path';
import type { FromChild, Start } from '../../protocol.ts';
import { loadActions } from '../actions.ts';
import type { Handle } from '../handle.ts';
import { actionOf, concluded, libraryOf } from './library.ts';

interface Instance {
  getQueryInterface(): object;
  close(): Promise<void>;
}
type SequelizeClass = new (database: string, user: string, password: string, options: object) => Instance;

export async function runSequelize(start: Start, handle: Handle): Promise<FromChild> {
  const action = actionOf(await loadActions(start.main), start);
  if (typeof action !== 'function') return action;
  const library = libraryOf(start, handle);
  const loaded = library.load() as SequelizeClass & { readonly Sequelize?: SequelizeClass };
  const Sequelize = loaded.Sequelize ?? loaded;
  const sequelize = new Sequelize(start.database, '', '', {
    dialect: library.engine,
    dialectModule: library.driver,
    logging: false,
    storage: ':memory:',
    pool: { min: 0, max: 5 },
  });
  await action(givenTo(start, sequelize), Sequelize);
  const end = await concluded(library, handle);
  await sequelize.close();
  return end;
}

/**
 * sequelize-cli gives a query interface; umzug 3 an object with a context, which is the query interface or the Sequelize
 * that its project's script made it. This is each of them.
 */
function givenTo({ main }: Start, sequelize: Instance): object {
  const queries = sequelize.getQueryInterface();
  const context = joined(queries, sequelize);
  const umzug = { context, name: basename(main), path: main };
  return joined(umzug, context);
}

/** What the first has not is the second's. */
const joined = (first: object, second: object): object =>
  new Proxy(first, {
    has: (_, name) => name in first || name in second,
    get(_, name) {
      const owner = name in first ? first : second;
      const value: unknown = Reflect.get(owner, name, owner);
      return typeof value === 'function' && !/^class\b/.test(String(value)) ? value.bind(owner) : value;
    },
  });
