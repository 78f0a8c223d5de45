import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import { installLiquibase, liquibase, liquibaseVersion } from './liquibaseProgram.ts';
import type { Peer, PeerLock, PeerPlace, PeerProject } from './peer.ts';
import { roundTrip } from './roundTrip.ts';
import { sleepingSql, untilAsleep, wake } from './sleeping.ts';

const peer: Peer = {
  tool: 'liquibase',
  title: `Liquibase ${liquibaseVersion}`,
  engines: ['postgres15', 'postgres18', 'mariadb', 'sqlite'],
  install: installLiquibase,
  open,
};

const master = 'changelog/db.changelog-master.yaml';

const keys = [
  'create-telescopes::ida::changelog/001-telescopes.xml',
  'rename-aperture::ida::changelog/001-telescopes.xml',
  'first-telescope::ida::changelog/001-telescopes.xml',
  'create-nights::noor::changelog/002-nights.sql',
  'clear-view::noor::changelog/002-nights.sql',
  'create-observations::ida::changelog/003-observations.json',
  'confirm-observations::ida::changelog/003-observations.json',
  `tag-season::noor::${master}`,
  `first-comet::noor::${master}`,
  `index-objects::noor::${master}`,
];

async function open(place: PeerPlace): Promise<PeerProject> {
  const source = join(place.folder, 'observatory');
  await cp(join(samples, 'liquibase'), source, { recursive: true });
  const run = (command: string, ...more: readonly string[]) => liquibase(place, source, command, ...more);
  return {
    source,
    table: { schema: null, name: place.engine.startsWith('postgres') ? 'databasechangelog' : 'DATABASECHANGELOG' },
    keys,
    up: (count) => (count === undefined ? run('update') : run('update-count', '--count', String(count))),
    down: () => run('rollback-count', '--count', '1'),
    async applied() {
      // Of a table, its rows are in the order in which they were executed.
      const lines = (await run('history', '--format=TEXT')).split('\n');
      return lines.flatMap((line) => {
        const [, path, id, author] = /^\s*(\S+)::(\S+)::(\S+)\s*$/.exec(line) ?? [];
        return path === undefined ? [] : [`${id}::${author}::${path}`];
      });
    },
    async upToDate() {
      const told = await run('status', '--verbose');
      if (!told.includes('is up to date')) throw new Error(told);
      await run('validate');
    },
    lock: lockOf(place, source, run),
  };
}

/** SQLite has no statement that sleeps. */
function lockOf(
  place: PeerPlace,
  source: string,
  run: (command: string, ...more: readonly string[]) => Promise<string>,
): PeerLock {
  return {
    async isKeptOut() {
      // On SQLite it fails while it reads who has the lock.
      await expect(run('update')).rejects.toThrow(/Could not acquire change log lock|LockException/);
    },
    async whileItRuns(work) {
      if (place.engine === 'sqlite') {
        await run('update-count', '--count', '1');
        await place.query(
          "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKEDBY = 'another desk (127.0.0.1)' WHERE ID = 1",
        );
        await work();
        await run('release-locks');
        return;
      }
      const path = join(source, 'changelog/002-nights.sql');
      const text = await readFile(path, 'utf8');
      await writeFile(path, `${text}\n--changeset noor:sleep\n${sleepingSql(place)};\n`);
      const running = run('update').catch((error: unknown) => error);
      await untilAsleep(place);
      await writeFile(path, text);
      await work();
      await wake(place);
      await running;
    },
  };
}

roundTrip(peer);
