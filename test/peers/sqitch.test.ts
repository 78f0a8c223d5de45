import { appendFile, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readSqitch } from '../../electron/tools/sqitch/files.ts';
import { samples } from '../tools/reading.ts';
import type { Peer, PeerLock, PeerPlace, PeerProject } from './peer.ts';
import { fileOf } from './projectFiles.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';
import { sleepingSql, untilAsleep, wake } from './sleeping.ts';

const peer: Peer = {
  tool: 'sqitch',
  title: 'sqitch of Debian',
  engines: ['postgres15', 'postgres18', 'mariadb', 'sqlite'],
  open,
};

async function open(place: PeerPlace): Promise<PeerProject> {
  const source = join(place.folder, 'orchard');
  await cp(join(samples, 'sqitch'), source, { recursive: true });
  await appendFile(join(source, 'sqitch.conf'), settingsFor(place));
  await withOwnTransactions(source);
  const { source: read } = await readSqitch(source, { engine: null, historyTable: null, placeholders: {} });
  const keys = read.migrations.map(({ historyKey }) => historyKey);
  const versions = read.migrations.map(({ version }) => version);
  const sqitch = (command: string, ...more: readonly string[]) =>
    runProgram('sqitch', [command, ...more, targetOf(place)], { cwd: source, env: environment(place) });
  return {
    source,
    table: { schema: place.engine.startsWith('postgres') ? 'sqitch' : null, name: 'changes' },
    keys,
    up: (count = keys.length) => sqitch('deploy', '--verify', '--to-change', keys[count - 1] ?? ''),
    down: () => sqitch('revert', '-y', '--to', '@HEAD^'),
    async applied() {
      const told = await sqitch('status', '--show-changes', '--date-format', 'iso');
      const [, list = ''] = /# Changes?:\n((?:# {3}.*\n?)*)/.exec(told) ?? [];
      const names = [...list.matchAll(/^# {3}(\S+)/gm)].map(([, name]) => name);
      // It tells names, the newest first; ids tell reworked changes apart.
      expect(names.toReversed()).toEqual(versions.slice(0, names.length).map((version) => version.split('@')[0]));
      return keys.slice(0, names.length);
    },
    async upToDate() {
      expect(await sqitch('status')).toContain('Nothing to deploy (up-to-date)');
      expect(await sqitch('verify')).toContain('Verify successful');
      expect(await sqitch('check')).toContain('Check successful');
    },
    ...(place.engine === 'sqlite' ? {} : { lock: lockOf(place, source, sqitch) }),
  };
}

/** On MariaDB all databases of a server would share one registry: this one has it in itself. */
const settingsFor = ({ engine, url }: PeerPlace): string => {
  if (engine !== 'mariadb') return '';
  return `[engine "mysql"]\n\tregistry = ${decodeURIComponent(new URL(url).pathname.slice(1))}\n`;
};

/** As its own templates have them: of the change's script, and of the one that takes it back. */
async function withOwnTransactions(source: string): Promise<void> {
  for (const path of ['deploy/pests.sql', 'revert/pests.sql']) {
    const text = await readFile(join(source, path), 'utf8');
    await writeFile(join(source, path), `BEGIN;\n\n${text}\nCOMMIT;\n`);
  }
}

function targetOf({ engine, url }: PeerPlace): string {
  if (engine === 'sqlite') return `db:sqlite:${fileOf(url)}`;
  const { hostname, port, username, pathname } = new URL(url);
  return `db:${engine === 'mariadb' ? 'mysql' : 'pg'}://${username}@${hostname}:${port}${pathname}`;
}

const environment = ({ engine, url, folder }: PeerPlace): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: folder,
  SQITCH_FULLNAME: 'Ida Berg',
  SQITCH_EMAIL: 'ida@example.org',
  ...(engine === 'sqlite' ? {} : { SQITCH_PASSWORD: decodeURIComponent(new URL(url).password) }),
});

function lockOf(
  place: PeerPlace,
  source: string,
  sqitch: (command: string, ...more: string[]) => Promise<string>,
): PeerLock {
  return {
    async isKeptOut(release) {
      let ended = false;
      const deploying = sqitch('deploy', '--lock-timeout', '60').finally(() => {
        ended = true;
      });
      await expect.poll(() => waiters(place), { timeout: 30_000 }).toBe(1);
      expect(ended).toBe(false);
      await release();
      await deploying;
      await sqitch('revert', '-y');
    },
    async whileItRuns(work) {
      if (place.engine === 'mariadb') return whileHeld(place, work);
      const path = join(source, 'deploy/trees.sql');
      const text = await readFile(path, 'utf8');
      await writeFile(path, `${sleepingSql(place)};\n`);
      const deploying = sqitch('deploy').catch((error: unknown) => error);
      await untilAsleep(place);
      await writeFile(path, text);
      await work();
      await wake(place);
      await deploying;
    },
  };
}

/** While a script of its runs, it locks its tables, too, so that nobody can ask them anything: its lock alone is held here. */
async function whileHeld(place: PeerPlace, work: () => Promise<void>): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(place.url);
  const name = `sqitch working on ${decodeURIComponent(pathname.slice(1))}`;
  const sql = `SELECT GET_LOCK('${name}', 0); ${sleepingSql(place)}`;
  const args = ['-h', hostname, '-P', port, '-u', username, '-D', pathname.slice(1), '-e', sql];
  const env = { PATH: process.env.PATH, MYSQL_PWD: decodeURIComponent(password) };
  const holding = runProgram('mariadb', args, { cwd: place.folder, env }).catch((error: unknown) => error);
  await untilAsleep(place);
  await work();
  await wake(place);
  await holding;
}

/** Sessions that wait for a lock by number or name. */
async function waiters({ engine, query }: PeerPlace): Promise<number> {
  const sql =
    engine === 'mariadb'
      ? "SELECT count(*) AS n FROM information_schema.processlist WHERE state = 'User lock'"
      : "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 75474063 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
  return Number((await query(sql))[0]?.['n']);
}

roundTrip(peer);
