// Liquibase's own command line, from the last npm package that holds it; it needs a Java of its own.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import { NotInstalled, npmPackages } from './install.ts';
import type { Peer, PeerLock, PeerPlace, PeerProject } from './peer.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';
import { sleepingSql, untilAsleep, wake } from './sleeping.ts';

const version = '4.28.1';
const logging = '/usr/share/java/slf4j-api.jar';

const peer: Peer = {
  tool: 'liquibase',
  title: `Liquibase ${version}`,
  engines: ['postgres15', 'postgres18', 'mariadb', 'sqlite'],
  install: async () => {
    needJava();
    return npmPackages({ liquibase: version });
  },
  open,
};

/** Debian's openjdk-17-jre-headless and libslf4j-java, installed where that is allowed. */
function needJava(): void {
  const packages = ['openjdk-17-jre-headless', 'libslf4j-java'];
  for (const command of ['true', 'apt-get']) {
    try {
      const options = command === 'true' ? [] : ['install', '-y', '--no-install-recommends', ...packages];
      execFileSync(command, options, { stdio: 'ignore', timeout: 300_000 });
      execFileSync('java', ['-version'], { stdio: 'ignore' });
      if (existsSync(logging)) return;
    } catch {
      // Tried with an installation next, or told below.
    }
  }
  throw new NotInstalled('Liquibase needs Java 17: openjdk-17-jre-headless and libslf4j-java could not be installed');
}

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

/** It would wait for five minutes. */
const impatient = ['-Dliquibase.changelogLockWaitTimeInMinutes=0', '-Dliquibase.changelogLockPollRate=1'];

async function liquibase(
  place: PeerPlace,
  folder: string,
  command: string,
  ...more: readonly string[]
): Promise<string> {
  const home = join(place.installed, 'node_modules/liquibase/dist/liquibase');
  const { url, user, password } = addressOf(place);
  // A virtual machine that lives for seconds is not worth the better compiler.
  const java = [
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Xshare:auto',
    `-Dliquibase.home=${home}`,
    ...impatient,
  ];
  // The package's SQLite driver needs what the package lacks.
  const classPath = `${join(home, 'internal/lib/*')}:${logging}`;
  const main = 'liquibase.integration.commandline.LiquibaseCommandLine';
  const options = ['--log-level=severe', '--show-banner=false', '--defaultsFile=liquibase.properties', `--url=${url}`];
  return runProgram('java', [...java, '-cp', classPath, main, ...options, command, ...more], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: place.folder,
      LIQUIBASE_HOME: home,
      LIQUIBASE_COMMAND_USERNAME: user,
      LIQUIBASE_COMMAND_PASSWORD: password,
    },
  });
}

function addressOf({ engine, url }: PeerPlace): { url: string; user: string; password: string } {
  if (engine === 'sqlite') return { url: `jdbc:${url}`, user: '', password: '' };
  const parsed = new URL(url);
  const kind = engine === 'mariadb' ? 'mariadb' : 'postgresql';
  return {
    url: `jdbc:${kind}://${parsed.host}${parsed.pathname}`,
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
  };
}

roundTrip(peer);
