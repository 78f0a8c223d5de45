/** Calls a migration of TypeORM with the project's own TypeORM, as its MigrationExecutor does (src/migration). */
import type { EngineId } from '../../../../../shared/model/environment.ts';
import type { FromChild, Start } from '../../protocol.ts';
import { type Actions, loadActions } from '../actions.ts';
import { betterSqliteDriver } from '../drivers/betterSqlite.ts';
import { firstWord, givesRows } from '../drivers/link.ts';
import type { Handle } from '../handle.ts';
import { actionOf, concluded, type Library, libraryOf } from './library.ts';

interface QueryRunner {
  readonly isTransactionActive: boolean;
  startTransaction(): Promise<void>;
  commitTransaction(): Promise<void>;
  release(): Promise<void>;
}
interface DataSource {
  initialize(): Promise<unknown>;
  createQueryRunner(): QueryRunner;
  destroy(): Promise<void>;
}
type DataSourceClass = new (options: object) => DataSource;

const types: Readonly<Record<EngineId, string>> = { postgres: 'postgres', mysql: 'mysql', sqlite: 'better-sqlite3' };

export async function runTypeorm(start: Start, handle: Handle): Promise<FromChild> {
  const migration = instanceIn(await loadActions(start.main));
  if (migration === null)
    return { type: 'failed', message: 'It exports no class with the methods “up” and “down”.', stack: '', place: null };
  const action = actionOf(migration, start);
  if (typeof action !== 'function') return action;
  const library = libraryOf(start, handle);
  const source = open(library, start);
  await source.initialize();
  const runner = source.createQueryRunner();
  if (start.wantsTransaction) await runner.startTransaction();
  await action(runner);
  // One that the migration ended itself is told below, or was never ours.
  if (start.wantsTransaction && runner.isTransactionActive) await runner.commitTransaction();
  const end = await concluded(library, handle);
  await runner.release();
  await source.destroy();
  return end;
}

/** Of the first exported class that is a migration. */
function instanceIn(actions: Actions): Record<string, unknown> | null {
  for (const exported of Object.values(actions))
    if (typeof exported === 'function' && typeof exported.prototype?.up === 'function')
      return Reflect.construct(exported, []);
  return null;
}

function open(library: Library, { database, product }: Start): DataSource {
  const { load, engine, link } = library;
  const { DataSource } = load() as { readonly DataSource?: DataSourceClass };
  if (DataSource === undefined)
    throw new Error('The project’s TypeORM is older than 0.3, which has no DataSource: it cannot be used from here.');
  if (engine === 'sqlite') askByPromise(library);
  return new DataSource({
    // They differ in how they write defaults into the catalogue.
    type: product === 'MariaDB' ? 'mariadb' : types[engine],
    driver: engine === 'sqlite' ? betterSqliteDriver(link) : library.driver,
    database: engine === 'sqlite' ? ':memory:' : database,
    entities: [],
    logging: false,
    installExtensions: false,
  });
}

/** Its query runner for SQLite reads results at once, which nothing outside of the process could give. */
function askByPromise({ load, link }: Library): void {
  const loaded = load('driver/better-sqlite3/BetterSqlite3QueryRunner.js') as {
    readonly BetterSqlite3QueryRunner: { readonly prototype: object };
  };
  Object.defineProperty(loaded.BetterSqlite3QueryRunner.prototype, 'query', {
    async value(sql: string, parameters: readonly unknown[] = [], structured = false): Promise<unknown> {
      const { rows, affectedRows } = await link.query(link, sql, parameters);
      const records = rows.map((row) => ({ ...row }));
      if (givesRows(sql)) return structured ? { raw: records, records, affected: affectedRows } : records;
      const inserted = /^(INSERT|REPLACE)$/.test(firstWord(sql));
      const raw = inserted ? (await link.query(link, 'SELECT last_insert_rowid() AS id')).rows[0]?.['id'] : 0;
      return structured ? { raw, records: [], affected: affectedRows ?? 0 } : raw;
    },
  });
}
