import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { npmPackages } from './install.ts';
import { libraryConnection } from './libraryConnection.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';

const version = '3.8.3';

const peer: Peer = {
  tool: 'umzug',
  title: `umzug ${version}`,
  // Sequelize's driver for SQLite is a binary from elsewhere than the registry.
  engines: ['postgres15', 'mariadb'],
  install: () => npmPackages({ umzug: version, sequelize: '6.37.8', pg: '8.23.1', mysql2: '3.24.5' }),
  open,
};

const files = {
  '2026.01.05T09.00.00.plants.sql': 'create table plants (id integer);\ninsert into plants values (1), (2);',
  '2026.01.12T09.00.00.pots.js': `exports.up = async ({ context: sequelize }) => {
  await sequelize.query('create table pots (plant integer)');
  await sequelize.query('insert into pots select id from plants where id > :least', { replacements: { least: 1 } });
};
exports.down = ({ context: sequelize }) => sequelize.query('drop table pots');
`,
  '2026.01.19T09.00.00.size.js': `exports.up = ({ context: sequelize }) =>
  sequelize.getQueryInterface().addColumn('pots', 'size', 'integer');
exports.down = async ({ context }) => context.getQueryInterface().removeColumn('pots', 'size');
`,
};
const keys = Object.keys(files);

/** As umzug's own example has it: SQL with its ways back in a folder. */
const script = (options: object): string => `
const { readFileSync } = require('node:fs');
const { dirname, join, basename } = require('node:path');
const { Sequelize } = require('sequelize');
const { Umzug, SequelizeStorage } = require('umzug');
const sequelize = new Sequelize(${JSON.stringify(options)});
const umzug = new Umzug({
  context: sequelize,
  storage: new SequelizeStorage({ sequelize }),
  logger: undefined,
  migrations: {
    glob: 'migrations/*.{js,sql}',
    resolve: (params) => {
      if (!params.path.endsWith('.sql')) return Umzug.defaultResolver(params);
      const run = (path) => async () => {
        for (const sql of readFileSync(path, 'utf8').split(';')) if (sql.trim() !== '') await sequelize.query(sql);
      };
      return { name: params.name, up: run(params.path), down: run(join(dirname(params.path), 'down', basename(params.path))) };
    },
  },
});
umzug.runAsCLI().then(() => sequelize.close());
`;

async function open(place: PeerPlace): Promise<PeerProject> {
  const source = join(place.folder, 'migrations');
  await mkdir(join(source, 'down'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(source, name), text);
  await writeFile(join(source, 'down', keys[0] ?? ''), 'drop table plants;');
  await writeFile(join(place.folder, 'package.json'), JSON.stringify({ dependencies: { umzug: version } }));
  const { user, ...where } = libraryConnection(place);
  const dialect = place.engine === 'mariadb' ? 'mysql' : 'postgres';
  await writeFile(
    join(place.folder, 'migrate.js'),
    script({ ...where, username: user, dialect, logging: false, multipleStatements: true }),
  );
  const umzug = (...command: readonly string[]) =>
    runProgram(process.execPath, ['migrate.js', ...command], { cwd: place.folder, env: { PATH: process.env.PATH } });
  const named = async (list: string): Promise<string[]> => {
    const text = await umzug(list);
    return keys.filter((key) => text.includes(key));
  };
  return {
    source,
    table: { schema: null, name: 'SequelizeMeta' },
    keys,
    up: (count) => umzug('up', ...(count === undefined ? [] : ['--step', String(count)])),
    down: () => umzug('down'),
    applied: () => named('executed'),
    upToDate: async () => expect(await named('pending')).toEqual([]),
  };
}

roundTrip(peer);
