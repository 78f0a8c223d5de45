import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import { npmPackages } from './install.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';
import { sleepingSql, untilAsleep, wake } from './sleeping.ts';

const version = '9.0.0';

const peer: Peer = {
  tool: 'node-pg-migrate',
  title: `node-pg-migrate ${version}`,
  engines: ['postgres15', 'postgres18'],
  install: () => npmPackages({ 'node-pg-migrate': version, pg: '8.23.1' }),
  open,
};

const keys = ['1767600000000_create-boats', '1768200000000_create-hires', '1768800000000_add-deposit'];

async function open(place: PeerPlace): Promise<PeerProject> {
  const sample = join(samples, 'node-pg-migrate');
  for (const part of ['lib', 'migrations', 'package.json'])
    await cp(join(sample, part), join(place.folder, part), { recursive: true });
  const source = join(place.folder, 'migrations');
  // It has no way back.
  await rm(join(source, '1769400000000_index-hires.cjs'));
  const program = join(place.installed, 'node_modules/node-pg-migrate/bin/node-pg-migrate.js');
  const migrate = (...command: readonly string[]) =>
    runProgram(process.execPath, [program, ...command, '-m', source], {
      cwd: place.folder,
      env: { PATH: process.env.PATH, DATABASE_URL: place.url },
    });
  return {
    source,
    table: { schema: 'public', name: 'pgmigrations' },
    keys,
    up: (count) => migrate('up', ...(count === undefined ? [] : [String(count)])),
    down: () => migrate('down'),
    async applied() {
      const pending = await migrate('up', '--dry-run');
      return keys.filter((key) => !pending.includes(key));
    },
    upToDate: async () => expect(await migrate('up')).toContain('No migrations to run!'),
    lock: {
      isKeptOut: () => expect(migrate('up')).rejects.toThrow('Another migration is already running'),
      async whileItRuns(work) {
        await writeFile(join(source, '1_wait.sql'), `${sleepingSql(place)};`);
        const running = migrate('up').catch(() => undefined);
        await untilAsleep(place);
        await work();
        await wake(place);
        await running;
      },
    },
  };
}

roundTrip(peer);
