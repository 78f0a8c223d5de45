/** umzug's library with the bare drivers, a folder of scripts and a history table of three lines. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientOf } from './driverScript.ts';
import { drivers, ofNpm } from './ofNpm.ts';
import { type BenchPeer, writeFiles } from './peer.ts';

const version = '3.8.3';

export const umzug: BenchPeer = {
  id: 'umzug',
  transactions: 'apart',
  install: () => ofNpm(version, { umzug: version, ...drivers }),
  async write({ engine, folder, migrations }) {
    const source = join(folder, 'migrations');
    await mkdir(source);
    for (const migration of migrations) await writeFile(join(source, `${migration.version}_step.sql`), migration.sql);
    await writeFiles(folder, { 'migrate.mjs': `${clientOf(engine)}${script}` });
  },
  program: ({ connection }) => ({
    file: process.execPath,
    arguments: ['migrate.mjs'],
    environment: { CONNECTION: JSON.stringify(connection) },
  }),
};

const script = `
import { readFileSync } from 'node:fs';
import { Umzug } from 'umzug';
const storage = {
  logMigration: ({ name }) => run(\`INSERT INTO umzug_history (name) VALUES ('\${name}')\`),
  unlogMigration: ({ name }) => run(\`DELETE FROM umzug_history WHERE name = '\${name}'\`),
  async executed() {
    await run('CREATE TABLE IF NOT EXISTS umzug_history (name varchar(255) PRIMARY KEY)');
    return (await rowsOf('SELECT name FROM umzug_history ORDER BY name')).map(({ name }) => name);
  },
};
const resolve = ({ name, path }) => ({ name, up: () => run(readFileSync(path, 'utf8')), down: async () => undefined });
await new Umzug({ migrations: { glob: 'migrations/*.sql', resolve }, storage, logger: undefined }).up();
await end();
`;
