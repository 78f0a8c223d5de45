import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { hashOf } from '../../electron/tools/graphile-migrate/committedFile.ts';
import { samples } from '../tools/reading.ts';
import { npmPackages } from './install.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { without } from './projectFiles.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';
import { sleepingSql, untilAsleep, wake } from './sleeping.ts';

const version = '2.0.0-rc.3';

const peer: Peer = {
  tool: 'graphile-migrate',
  title: `graphile-migrate ${version}`,
  engines: ['postgres15', 'postgres18'],
  install: () => npmPackages({ 'graphile-migrate': version, pg: '8.23.1' }),
  open,
};

const files = ['000001.sql', '000002-beds.sql', '000003.sql'];

async function open(place: PeerPlace): Promise<PeerProject> {
  await cp(join(samples, 'graphile-migrate'), place.folder, { recursive: true });
  const source = join(place.folder, 'migrations');
  const committed = join(source, 'committed');
  const program = join(place.installed, 'node_modules/graphile-migrate/dist/cli.js');
  const migrate = (...command: readonly string[]) =>
    runProgram(process.execPath, [program, ...command], {
      cwd: place.folder,
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: place.url,
        ROOT_DATABASE_URL: beside(place.url, 'postgres'),
        SHADOW_DATABASE_URL: beside(place.url, 'unused'),
      },
    });
  return {
    source,
    table: { schema: 'graphile_migrate', name: 'migrations' },
    keys: ['000001.sql', '000002.sql', '000003.sql'],
    up: (count = files.length) => without(committed, files.slice(count), () => migrate('migrate')),
    async applied() {
      const rows = await place.query('SELECT filename FROM graphile_migrate.migrations ORDER BY filename');
      return rows.map((row) => String(row['filename']));
    },
    async upToDate() {
      expect(await migrate('status')).not.toMatch(/need to be executed/);
      expect(await migrate('migrate')).toContain('Already up to date');
    },
    lock: {
      isKeptOut: () => expect(migrate('migrate')).rejects.toThrow(/lock/),
      async whileItRuns(work) {
        for (const name of files) await rm(join(committed, name));
        const body = `${sleepingSql(place)};`;
        await writeFile(join(committed, '000001.sql'), `--! Previous: -\n--! Hash: ${hashOf(body, null)}\n\n${body}\n`);
        const running = migrate('migrate').catch(() => undefined);
        await untilAsleep(place);
        await work();
        await wake(place);
        await running;
      },
    },
  };
}

/** Another database of the server: it asks for names that it does not use here. */
function beside(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

roundTrip(peer);
