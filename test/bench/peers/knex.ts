import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drivers, ofNpm } from './ofNpm.ts';
import { type BenchPeer, inParts, writeFiles } from './peer.ts';

const version = '3.3.0';
const clients = { postgres: 'pg', mariadb: 'mysql2', sqlite: 'better-sqlite3' } as const;

export const knex: BenchPeer = {
  id: 'knex',
  transactions: 'all',
  install: () => ofNpm(version, { knex: version, ...drivers }),
  async write(project) {
    const source = join(project.folder, 'migrations');
    await mkdir(source);
    for (const migration of project.migrations)
      await writeFile(join(source, `${migration.version}_step.js`), scriptOf(inParts(project, migration, ['sqlite'])));
    await writeFiles(project.folder, {
      'knexfile.js': `module.exports = { client: '${clients[project.engine]}', useNullAsDefault: true,
  connection: { ...JSON.parse(process.env.CONNECTION), multipleStatements: true } };\n`,
    });
  },
  program: ({ installed, connection }) => ({
    file: process.execPath,
    arguments: [join(installed, 'node_modules/knex/bin/cli.js'), 'migrate:latest'],
    environment: { CONNECTION: JSON.stringify(connection) },
  }),
};

const scriptOf = (parts: string): string => `exports.up = async (knex) => {
  for (const sql of ${parts}) await knex.raw(sql);
};
exports.down = async () => undefined;
`;
