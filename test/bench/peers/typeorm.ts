import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drivers, ofNpm } from './ofNpm.ts';
import { type BenchPeer, inParts, writeFiles } from './peer.ts';

const version = '1.1.1';
/** Its classes end with milliseconds since 1970. */
const firstTimestamp = 1_767_225_600_000;
const types = { postgres: 'postgres', mariadb: 'mysql', sqlite: 'better-sqlite3' } as const;

export const typeorm: BenchPeer = {
  id: 'typeorm',
  transactions: 'each',
  // It asks for an older driver of SQLite, whose binary does not come with the package.
  install: () => ofNpm(version, { typeorm: version, ...drivers }, { 'better-sqlite3': drivers['better-sqlite3'] }),
  async write(project) {
    const source = join(project.folder, 'migrations');
    await mkdir(source);
    for (const migration of project.migrations) {
      const stamp = firstTimestamp + migration.number;
      const parts = inParts(project, migration, ['sqlite']);
      await writeFile(join(source, `${stamp}-step.js`), scriptOf(`Step${stamp}`, parts));
    }
    await writeFiles(project.folder, { 'data-source.js': dataSource(types[project.engine]) });
  },
  program: ({ installed, connection }) => ({
    file: process.execPath,
    arguments: [join(installed, 'node_modules/typeorm/cli.js'), 'migration:run', '-d', 'data-source.js'],
    environment: { CONNECTION: JSON.stringify(connection) },
  }),
};

const scriptOf = (name: string, parts: string): string => `exports.${name} = class ${name} {
  name = '${name}';
  async up(runner) {
    for (const sql of ${parts}) await runner.query(sql);
  }
  async down() {}
};
`;

/** Each migration in its own transaction, which is not its default, but Lockkeeper's shape. */
const dataSource = (type: string): string => `const { DataSource } = require('typeorm');
const { user, filename, database, ...where } = JSON.parse(process.env.CONNECTION);
exports.bench = new DataSource({
  ...where, type: '${type}', username: user, database: filename ?? database, multipleStatements: true,
  migrations: ['migrations/*.js'], migrationsTransactionMode: 'each',
});
`;
