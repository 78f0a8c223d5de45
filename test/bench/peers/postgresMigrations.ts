/** The library: its command line creates databases, too. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drivers, ofNpm } from './ofNpm.ts';
import { type BenchPeer, writeFiles } from './peer.ts';

const version = '5.3.0';

export const postgresMigrations: BenchPeer = {
  id: 'postgres-migrations',
  transactions: 'each',
  install: () => ofNpm(version, { 'postgres-migrations': version, pg: drivers.pg }),
  leftOut: (engine) => (engine === 'postgres' ? null : 'for PostgreSQL only'),
  async write({ folder, migrations }) {
    const source = join(folder, 'migrations');
    await mkdir(source);
    for (const { number, sql } of migrations) await writeFile(join(source, `${number}_step${number}.sql`), sql);
    await writeFiles(folder, { 'migrate.cjs': script });
  },
  program: ({ connection }) => ({
    file: process.execPath,
    arguments: ['migrate.cjs'],
    environment: { CONNECTION: JSON.stringify(connection) },
  }),
};

const script = `const { Client } = require('pg');
const { migrate } = require('postgres-migrations');
(async () => {
  const client = new Client(JSON.parse(process.env.CONNECTION));
  await client.connect();
  await migrate({ client }, 'migrations');
  await client.end();
})();
`;
