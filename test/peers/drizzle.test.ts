// Drizzle's own migrator, which its command line calls as well.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import { npmPackages } from './install.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { fileOf, sampleOf } from './projectFiles.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';

const version = '0.45.3';

const peer: Peer = {
  tool: 'drizzle',
  title: `drizzle-orm ${version}`,
  engines: ['postgres15', 'postgres18', 'mariadb', 'sqlite'],
  install: () => npmPackages({ 'drizzle-orm': version, pg: '8.23.1', mysql2: '3.24.5', 'better-sqlite3': '13.2.0' }),
  open,
};

const journal = 'meta/_journal.json';
const keys = ['1767603600000', '1768208400000', '1768813200000'];

async function open(place: PeerPlace): Promise<PeerProject> {
  const source = join(place.folder, 'drizzle');
  await cp(join(samples, 'drizzle', sampleOf(place.engine)), source, { recursive: true });
  const program = join(place.folder, 'migrate.mjs');
  await writeFile(program, programFor(place, source));
  const migrate = () => runProgram(process.execPath, [program], { cwd: place.folder, env: { PATH: process.env.PATH } });
  const onServer = place.engine !== 'sqlite' && place.engine !== 'mariadb';
  const rows = () =>
    place.query(`SELECT created_at FROM ${onServer ? 'drizzle.' : ''}__drizzle_migrations ORDER BY created_at`);
  return {
    source,
    table: { schema: onServer ? 'drizzle' : null, name: '__drizzle_migrations' },
    keys,
    async up(count) {
      const whole = await readFile(join(source, journal), 'utf8');
      const parsed = JSON.parse(whole) as { entries: unknown[] };
      const part = { ...parsed, entries: parsed.entries.slice(0, count) };
      await writeFile(join(source, journal), JSON.stringify(part));
      await migrate();
      await writeFile(join(source, journal), whole);
    },
    // It has no word for its status: what it records is what it goes by.
    applied: async () => (await rows()).map((row) => String(row['created_at'])),
    async upToDate() {
      await migrate();
      expect(await rows()).toHaveLength(keys.length);
    },
  };
}

function programFor({ engine, url }: PeerPlace, migrationsFolder: string): string {
  const folder = JSON.stringify({ migrationsFolder });
  if (engine === 'sqlite')
    return `import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
migrate(drizzle(${JSON.stringify(fileOf(url))}), ${folder});
`;
  const driver = engine === 'mariadb' ? 'mysql2' : 'node-postgres';
  const address = JSON.stringify(url.replace(/^mariadb:/, 'mysql:'));
  return `import { drizzle } from 'drizzle-orm/${driver}';
import { migrate } from 'drizzle-orm/${driver}/migrator';
const database = drizzle(${address});
await migrate(database, ${folder});
await database.$client.end();
`;
}

roundTrip(peer);
