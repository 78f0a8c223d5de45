import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ofNpm } from './ofNpm.ts';
import { type BenchPeer, writeFiles } from './peer.ts';

const version = '0.11.14';

export const dbMigrate: BenchPeer = {
  id: 'db-migrate',
  transactions: 'apart',
  install: () => ofNpm(version, { 'db-migrate': version, 'db-migrate-pg': '1.5.2', 'db-migrate-mysql': '3.0.0' }),
  leftOut: (engine) => (engine === 'sqlite' ? 'the binary of its driver is not in the registry' : null),
  async write({ engine, folder, migrations }) {
    const source = join(folder, 'migrations');
    await mkdir(source);
    for (const { version: stamp, sql } of migrations)
      await writeFile(join(source, `${stamp}-step.js`), scriptOf(JSON.stringify(sql)));
    const driver = engine === 'postgres' ? 'pg' : 'mysql';
    const given = (name: string) => ({ ENV: name });
    const bench = {
      driver,
      ...{ host: given('HOST'), port: given('PORT'), user: given('USERNAME') },
      ...{ password: given('PASSWORD'), database: given('DATABASE'), multipleStatements: true },
    };
    await writeFiles(folder, { 'database.json': JSON.stringify({ bench }) });
  },
  program: ({ installed, connection: { host = '', port = 0, user = '', password = '', database = '' } }) => ({
    file: process.execPath,
    arguments: [join(installed, 'node_modules/db-migrate/bin/db-migrate'), 'up', '-e', 'bench'],
    environment: { HOST: host, PORT: String(port), USERNAME: user, PASSWORD: password, DATABASE: database },
  }),
};

const scriptOf = (sql: string): string => `exports.setup = () => undefined;
exports.up = (db) => db.runSql(${sql});
exports.down = () => Promise.resolve();
exports._meta = { version: 1 };
`;
