import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drivers, ofNpm } from './ofNpm.ts';
import type { BenchPeer } from './peer.ts';

const version = '9.0.0';
/** Its files are named after milliseconds since 1970. */
const firstTimestamp = 1_767_225_600_000;

export const nodePgMigrate: BenchPeer = {
  id: 'node-pg-migrate',
  transactions: 'all',
  install: () => ofNpm(version, { 'node-pg-migrate': version, pg: drivers.pg }),
  leftOut: (engine) => (engine === 'postgres' ? null : 'for PostgreSQL only'),
  async write({ folder, migrations }) {
    const source = join(folder, 'migrations');
    await mkdir(source);
    for (const { number, sql } of migrations)
      await writeFile(
        join(source, `${firstTimestamp + number}_step.sql`),
        `-- Up Migration\n${sql}\n-- Down Migration\n`,
      );
  },
  program: ({ installed, url }) => ({
    file: process.execPath,
    arguments: [join(installed, 'node_modules/node-pg-migrate/bin/node-pg-migrate.js'), 'up', '-m', 'migrations'],
    environment: { DATABASE_URL: url },
  }),
};
