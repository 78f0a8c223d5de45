import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import { npmPackages } from './install.ts';
import { libraryConnection } from './libraryConnection.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';

const version = '1.1.1';
const sqliteDriver = '13.2.0';

const peer: Peer = {
  tool: 'typeorm',
  title: `TypeORM ${version}`,
  engines: ['postgres15', 'postgres18', 'mariadb', 'sqlite'],
  install: () =>
    npmPackages(
      { typeorm: version, pg: '8.23.1', mysql2: '3.24.5', 'better-sqlite3': sqliteDriver },
      // It asks for an older one, whose binary does not come with the package.
      { 'better-sqlite3': sqliteDriver },
    ),
  open,
};

const migrations = [
  ['1767600000000-create-breads.ts', 'CreateBreads1767600000000'],
  ['1768200000000-create-loaves.js', 'CreateLoaves1768200000000'],
  ['1768800000000-price-loaves.ts', 'PriceLoaves1768800000000'],
] as const;
const keys = migrations.map(([, key]) => key);

async function open(place: PeerPlace): Promise<PeerProject> {
  const sample = join(samples, 'typeorm');
  for (const part of ['migrations', 'package.json'])
    await cp(join(sample, part), join(place.folder, part), { recursive: true });
  const source = join(place.folder, 'migrations');
  for (const [file] of migrations) {
    // Node takes types out of a file, but not names that turn out to be types.
    const text = await readFile(join(source, file), 'utf8');
    await writeFile(
      join(source, file),
      text.replace('MigrationInterface, QueryRunner', 'type MigrationInterface, type QueryRunner'),
    );
  }
  await writeFile(join(place.folder, 'data-source.js'), dataSource(place));
  const program = join(place.installed, 'node_modules/typeorm/cli.js');
  const migrate = (command: string) =>
    runProgram(process.execPath, [program, command, '-d', 'data-source.js'], {
      cwd: place.folder,
      env: { PATH: process.env.PATH },
    });
  return {
    source,
    table: { schema: null, name: 'migrations' },
    keys,
    up: (count) => withOnly(place, source, count, () => migrate('migration:run')),
    down: () => migrate('migration:revert'),
    async applied() {
      const shown = await migrate('migration:show');
      return keys.filter((key) => new RegExp(`\\[X\\] \\d+ ${key}`).test(shown));
    },
    upToDate: async () => expect(await migrate('migration:run')).toContain('No migrations are pending'),
  };
}

function dataSource(place: PeerPlace): string {
  const { user, filename, database, ...where } = libraryConnection(place);
  const type = { postgres15: 'postgres', postgres18: 'postgres', mariadb: 'mysql', sqlite: 'better-sqlite3' }[
    place.engine
  ];
  const options = {
    ...where,
    type,
    username: user,
    database: filename ?? database,
    migrations: ['migrations/*.{js,ts}'],
    migrationsTransactionMode: 'each',
  };
  return `const { DataSource } = require('typeorm');
exports.bakery = new DataSource(${JSON.stringify(options)});
`;
}

/** It always applies everything that is there. */
async function withOnly(
  { folder }: PeerPlace,
  source: string,
  count: number | undefined,
  work: () => Promise<unknown>,
): Promise<void> {
  const aside = join(folder, 'aside');
  await mkdir(aside, { recursive: true });
  const hidden = migrations.slice(count ?? migrations.length);
  for (const [file] of hidden) await rename(join(source, file), join(aside, file));
  await work();
  for (const [file] of hidden) await rename(join(aside, file), join(source, file));
}

roundTrip(peer);
