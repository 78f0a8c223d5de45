import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { samples } from '../tools/reading.ts';
import { npmPackages } from './install.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { sampleOf, without } from './projectFiles.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';

const version = '2.36.0';

const peer: Peer = {
  tool: 'dbmate',
  title: `dbmate ${version}`,
  engines: ['postgres15', 'postgres18', 'mariadb', 'sqlite'],
  install: () => npmPackages({ dbmate: version }),
  open,
};

const files = [
  '20260105090000_create_books.sql',
  '20260112090000_create_loans.sql',
  '20260119090000_index_loans_by_borrower.sql',
];

async function open(place: PeerPlace): Promise<PeerProject> {
  const source = join(place.folder, 'migrations');
  await cp(join(samples, 'dbmate', sampleOf(place.engine)), source, { recursive: true });
  const dbmate = (command: string) =>
    runProgram(programIn(place.installed), ['--url', urlOf(place), '-d', source, '--no-dump-schema', command], {
      cwd: place.folder,
      env: { PATH: process.env.PATH },
    });
  return {
    source,
    table: { schema: null, name: 'schema_migrations' },
    keys: files.map((name) => name.slice(0, 14)),
    up: (count = files.length) => without(source, files.slice(count), () => dbmate('up')),
    down: () => dbmate('rollback'),
    async applied() {
      const lines = (await dbmate('status')).split('\n');
      return lines.flatMap((line) => /^\[X\] (\d+)/.exec(line)?.[1] ?? []);
    },
    async upToDate() {
      if (!(await dbmate('status')).includes('Pending: 0')) throw new Error(await dbmate('status'));
    },
  };
}

/** The path that the package's own launcher finds. */
function programIn(installed: string): string {
  const { resolveBinary } = createRequire(join(installed, 'package.json'))('dbmate') as { resolveBinary(): string };
  return resolveBinary();
}

function urlOf({ engine, url }: PeerPlace): string {
  if (engine === 'sqlite') return url;
  const changed = new URL(url.replace(/^mariadb:/, 'mysql:'));
  if (engine !== 'mariadb') changed.searchParams.set('sslmode', 'disable');
  return changed.href;
}

roundTrip(peer);
