/** The library: it has no command line that knows every driver. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientOf } from './driverScript.ts';
import { drivers, ofNpm } from './ofNpm.ts';
import { type BenchPeer, writeFiles } from './peer.ts';

const version = '8.0.0';
const names = { postgres: 'pg', mariadb: 'mysql', sqlite: 'sqlite3' } as const;

export const postgrator: BenchPeer = {
  id: 'postgrator',
  transactions: 'apart',
  install: () => ofNpm(version, { postgrator: version, ...drivers }),
  async write({ engine, folder, migrations }) {
    const source = join(folder, 'migrations');
    await mkdir(source);
    for (const { version: stamp, sql } of migrations) await writeFile(join(source, `${stamp}.do.step.sql`), sql);
    await writeFiles(folder, { 'migrate.mjs': `${clientOf(engine)}${scriptFor(names[engine])}` });
  },
  program: ({ connection }) => ({
    file: process.execPath,
    arguments: ['migrate.mjs'],
    environment: { CONNECTION: JSON.stringify(connection) },
  }),
};

const scriptFor = (driver: string): string => `
import Postgrator from 'postgrator';
const asks = (sql) => ${driver === 'sqlite3' ? '/^\\s*(SELECT|PRAGMA)/i.test(sql)' : 'true'};
const execQuery = async (sql) => ({ rows: asks(sql) ? await rowsOf(sql) : (await run(sql), []) });
const { database } = JSON.parse(process.env.CONNECTION);
const execSqlScript = (sql) => run(sql);
const migrationPattern = 'migrations/*';
await new Postgrator({ migrationPattern, driver: '${driver}', database, execQuery, execSqlScript }).migrate();
await end();
`;
