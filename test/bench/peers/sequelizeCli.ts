import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drivers, ofNpm } from './ofNpm.ts';
import { type BenchPeer, writeFiles } from './peer.ts';

const version = '6.6.5';

export const sequelizeCli: BenchPeer = {
  id: 'sequelize-cli',
  transactions: 'apart',
  install: () =>
    ofNpm(version, { 'sequelize-cli': version, sequelize: '6.37.8', pg: drivers.pg, mysql2: drivers.mysql2 }),
  leftOut: (engine) => (engine === 'sqlite' ? 'the binary of its driver is not in the registry' : null),
  async write({ engine, folder, migrations }) {
    for (const part of ['migrations', 'config']) await mkdir(join(folder, part));
    for (const { version: stamp, sql } of migrations)
      await writeFile(join(folder, 'migrations', `${stamp}-step.js`), scriptOf(JSON.stringify(sql)));
    const dialect = engine === 'postgres' ? 'postgres' : 'mysql';
    await writeFiles(folder, {
      'config/config.js': `const { user, ...where } = JSON.parse(process.env.CONNECTION);
module.exports = { development: { ...where, username: user, dialect: '${dialect}', logging: false,
  dialectOptions: { ${engine === 'mariadb' ? 'multipleStatements: true' : ''} } } };\n`,
    });
  },
  program: ({ installed, connection }) => ({
    file: process.execPath,
    arguments: [join(installed, 'node_modules/sequelize-cli/lib/sequelize'), 'db:migrate'],
    environment: { CONNECTION: JSON.stringify(connection) },
  }),
};

const scriptOf = (sql: string): string =>
  `module.exports = { up: (query) => query.sequelize.query(${sql}), down: async () => undefined };\n`;
