import { existsSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import { npmPackages } from './install.ts';
import { libraryConnection } from './libraryConnection.ts';
import type { Peer, PeerLock, PeerPlace, PeerProject } from './peer.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';

const version = '3.3.0';

const peer: Peer = {
  tool: 'knex',
  title: `knex ${version}`,
  engines: ['postgres15', 'postgres18', 'mariadb', 'sqlite'],
  install: () => npmPackages({ knex: version, pg: '8.23.1', mysql2: '3.24.5', 'better-sqlite3': '13.2.0' }),
  open,
};

const keys = [
  '20260105090000_create_plants.js',
  '20260112090000_create_waterings.ts',
  '20260119090000_index_waterings.cjs',
];

async function open(place: PeerPlace): Promise<PeerProject> {
  const sample = join(samples, 'knex');
  for (const part of ['lib', 'migrations', 'package.json'])
    await cp(join(sample, part), join(place.folder, part), { recursive: true });
  const source = join(place.folder, 'migrations');
  // Its own program takes TypeScript with a loader of the project's only.
  const typed = await readFile(join(source, keys[1] ?? ''), 'utf8');
  await rm(join(source, keys[1] ?? ''));
  const names = keys.map((key) => key.replace(/\.ts$/, '.js'));
  await writeFile(join(source, names[1] ?? ''), withoutTypes(typed));
  const client = { postgres15: 'pg', postgres18: 'pg', mariadb: 'mysql2', sqlite: 'better-sqlite3' }[place.engine];
  const config = { client, connection: libraryConnection(place), useNullAsDefault: true };
  await writeFile(join(place.folder, 'knexfile.js'), `module.exports = ${JSON.stringify(config)};`);
  const program = join(place.installed, 'node_modules/knex/bin/cli.js');
  const migrate = (...command: readonly string[]) =>
    runProgram(process.execPath, [program, ...command], { cwd: place.folder, env: { PATH: process.env.PATH } });
  const listed = async (heading: string): Promise<string[]> => {
    const text = await migrate('migrate:list');
    const [, completed = '', pending = ''] =
      /Completed Migration[^\n]*\n([\s\S]*?)(?:No Pending|Found \d+ Pending)([\s\S]*)/.exec(text) ?? [];
    return names.filter((name) => (heading === 'completed' ? completed : pending).includes(name));
  };
  return {
    source,
    table: { schema: null, name: 'knex_migrations' },
    keys: names,
    async up(count) {
      if (count === undefined) return migrate('migrate:latest');
      for (let done = 0; done < count; done++) await migrate('migrate:up');
    },
    down: () => migrate('migrate:down'),
    applied: () => listed('completed'),
    upToDate: async () => expect(await migrate('migrate:latest')).toContain('Already up to date'),
    lock: lockOf(source, migrate),
  };
}

function lockOf(source: string, migrate: (...command: readonly string[]) => Promise<string>): PeerLock {
  return {
    isKeptOut: () => expect(migrate('migrate:latest')).rejects.toThrow('already locked'),
    // In its usual transaction, so that nobody else can read that the row is taken.
    async whileItRuns(work) {
      const [started, woken] = [join(source, 'started'), join(source, 'woken')];
      await writeFile(join(source, '1_wait.js'), waiting(started, woken));
      const running = migrate('migrate:latest');
      await expect.poll(() => existsSync(started), { timeout: 60_000 }).toBe(true);
      await work();
      await writeFile(woken, '');
      await running;
    },
  };
}

const waiting = (started: string, woken: string): string => `
const { existsSync, writeFileSync } = require('node:fs');
exports.up = async () => {
  writeFileSync(${JSON.stringify(started)}, '');
  while (!existsSync(${JSON.stringify(woken)})) await new Promise((resolve) => setTimeout(resolve, 50));
};
exports.down = async () => {};
`;

/** The sample's annotations, which its program would need a compiler for. */
const withoutTypes = (text: string): string =>
  text
    .replace(/^import .*\n/m, '')
    .replaceAll(': Knex): Promise<void>', ')')
    .replaceAll('export async function up', 'exports.up = async function')
    .replaceAll('export async function down', 'exports.down = async function');

roundTrip(peer);
