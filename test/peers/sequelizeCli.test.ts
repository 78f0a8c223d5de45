import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import { npmPackages } from './install.ts';
import { libraryConnection } from './libraryConnection.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';

const version = '6.6.5';

const peer: Peer = {
  tool: 'umzug',
  title: `sequelize-cli ${version}`,
  // Its driver for SQLite is a binary from elsewhere than the registry.
  engines: ['postgres15', 'postgres18', 'mariadb'],
  install: () => npmPackages({ 'sequelize-cli': version, sequelize: '6.37.8', pg: '8.23.1', mysql2: '3.24.5' }),
  open,
};

const keys = ['20260105090000-create-tools.js', '20260112090000-lend-tools.ts', '20260119090000-index-lendings.js'];

async function open(place: PeerPlace): Promise<PeerProject> {
  const sample = join(samples, 'umzug');
  for (const part of ['migrations', 'package.json'])
    await cp(join(sample, part), join(place.folder, part), { recursive: true });
  const source = join(place.folder, 'migrations');
  // Node takes types out of a file, but not names that turn out to be types.
  const typed = join(source, keys[1] ?? '');
  await writeFile(typed, (await readFile(typed, 'utf8')).replace(', QueryInterface }', ', type QueryInterface }'));
  const { user, ...where } = libraryConnection(place);
  const dialect = place.engine === 'mariadb' ? 'mysql' : 'postgres';
  await cp(join(sample, 'config'), join(place.folder, 'config'), { recursive: true });
  const settings = { development: { ...where, username: user, dialect } };
  await writeFile(join(place.folder, 'config/config.json'), JSON.stringify(settings));
  const program = join(place.installed, 'node_modules/sequelize-cli/lib/sequelize');
  const migrate = (...command: readonly string[]) =>
    runProgram(process.execPath, [program, ...command], { cwd: place.folder, env: { PATH: process.env.PATH } });
  return {
    source,
    table: { schema: null, name: 'SequelizeMeta' },
    keys,
    up: (count) => migrate('db:migrate', ...(count === undefined ? [] : ['--to', keys[count - 1] ?? ''])),
    down: () => migrate('db:migrate:undo'),
    async applied() {
      const status = await migrate('db:migrate:status');
      return keys.filter((key) => status.split('\n').includes(`up ${key}`));
    },
    upToDate: async () => expect(await migrate('db:migrate')).toContain('already up to date'),
  };
}

roundTrip(peer);
