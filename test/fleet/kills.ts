/**
 * Kills a fleet's process (SIGKILL) at random moments, goes on with it in a new one, which may be killed, too, and looks
 * in every database whether each migration was done once.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { addEnvironment } from '../../electron/services/environments.ts';
import { findFleet, listFleets } from '../../electron/services/fleet/findFleet.ts';
import { tiers } from '../../shared/model/environment.ts';
import type { FleetMember } from '../../shared/model/fleet.ts';
import { createRandom, type Random } from '../crash/random.ts';
import { type TestBackend, testBackend, writeFolder } from '../services/backend.ts';
import { environmentOf } from '../services/values.ts';
import type { ClientMessage, ClientTask } from './client.ts';

export interface KilledDatabase extends AsyncDisposable {
  readonly url: string;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export interface KillSeries {
  readonly kills: number;
  readonly seed: number;
  /** New databases for one fleet. */
  readonly databases: () => Promise<readonly KilledDatabase[]>;
  readonly tell: (line: string) => void;
}

export interface KillCounts {
  kills: number;
  fleets: number;
  /** Kills by how far the fleet was: before a run, with runs at work, with all ended. */
  readonly when: Record<string, number>;
  /** Members that were at work when they were killed. */
  atWork: number;
  /** Members that a person had to decide about. */
  told: number;
  readonly wrong: string[];
}

const migrations = 8;

/** Each does something that a second time would fail or show. */
const files = Object.fromEntries(
  Array.from({ length: migrations }, (_, index) => index + 1).map((number) => [
    `${number}_step.sql`,
    `-- migrate:up
create table step_${number} (id integer not null, note varchar(20));
alter table step_${number} add column more integer;
insert into step_${number} (id) values (${number});
-- migrate:down
drop table step_${number};
`,
  ]),
);

export async function killFleets(series: KillSeries): Promise<KillCounts> {
  const random = createRandom(series.seed);
  const counts: KillCounts = { kills: 0, fleets: 0, when: {}, atWork: 0, told: 0, wrong: [] };
  // How long one takes here that nobody kills.
  let lastsMs = 1_500;
  while (counts.kills < series.kills && counts.wrong.length === 0) {
    const before = counts.kills;
    lastsMs = await killOne(series, random, counts, lastsMs);
    counts.fleets += 1;
    series.tell(`fleet ${counts.fleets}: ${counts.kills - before} kills, ${counts.kills} of ${series.kills}`);
  }
  return counts;
}

async function killOne(series: KillSeries, random: Random, counts: KillCounts, lastsMs: number): Promise<number> {
  await using test = await testBackend();
  const source = await writeFolder(test.folder, files);
  await using placed = new AsyncDisposableStack();
  const databases = await series.databases();
  for (const database of databases) placed.use(database);
  const passwords = await addAll(test, databases, source);
  const home = test.backend.context.workspace.dataDirectory;
  let fleet: string | null = null;
  let took = lastsMs;
  for (let ended = false; !ended; ) {
    const killAfterMs = counts.kills < series.kills && random.below(4) > 0 ? random.next() * lastsMs : null;
    const shot = await perform({ home, passwords, fleet }, killAfterMs);
    ended = shot.ended !== null;
    if (ended && killAfterMs === null && fleet === null) took = shot.lastedMs;
    if (!ended) counts.kills += 1;
    fleet = (await listFleets(test.backend.context, 1))[0]?.id ?? null;
    const members = fleet === null ? [] : findFleet(test.backend.context, fleet).members;
    if (!ended) noteKill(counts, members);
    counts.told += members.filter(({ problem }) => problem?.code === 'run.unknown' && ended).length;
    if (ended && shot.ended !== 'succeeded')
      counts.wrong.push(`seed ${series.seed}: ${shot.ended ?? ''}`, ...whyOf(members));
  }
  for (const database of databases) counts.wrong.push(...(await wrongIn(database)));
  return took;
}

const whyOf = (members: readonly FleetMember[]): string[] =>
  members.flatMap(({ name, state, problem }) => (problem === null ? [] : [`${name} ${state}: ${problem.message}`]));

function noteKill(counts: KillCounts, members: readonly FleetMember[]): void {
  const atWork = members.filter(({ state }) => state === 'interrupted' || state === 'running').length;
  const done = members.filter(({ state }) => state === 'succeeded' || state === 'upToDate').length;
  counts.atWork += atWork;
  const when =
    members.length === 0
      ? 'before it was written down'
      : done === 0
        ? 'before the first end'
        : done === members.length
          ? 'after the last end'
          : 'in the middle';
  counts.when[when] = (counts.when[when] ?? 0) + 1;
}

async function addAll(test: TestBackend, databases: readonly KilledDatabase[], source: string) {
  const passwords: Record<string, string> = {};
  for (const [index, { url }] of databases.entries()) {
    const password = url.startsWith('sqlite:') ? '' : decodeURIComponent(new URL(url).password);
    const { id } = await addEnvironment(test.backend.context, {
      ...environmentOf(url, source),
      name: `member ${index}`,
      tier: tiers[index % 2] ?? 'test',
      // The tier test would take backups, which say nothing here.
      protection: nothingAsked,
      secret: password === '' ? null : { password: '', keep: 'ask' },
    });
    if (password !== '') passwords[id] = password;
  }
  return passwords;
}

const nothingAsked = {
  typedName: false,
  reason: false,
  backup: 'none',
  acceptHazards: false,
  rehearsalHours: null,
  readOnly: false,
} as const;

interface Shot {
  /** How it ended; null: it was killed before. */
  readonly ended: string | null;
  readonly lastedMs: number;
}

async function perform(task: ClientTask, killAfterMs: number | null): Promise<Shot> {
  const child = fork(fileURLToPath(new URL('./client.ts', import.meta.url)), [], {
    env: { ...process.env, LOCKKEEPER_FLEET_TASK: JSON.stringify(task) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2_000);
  });
  const exited = once(child, 'exit');
  const begun = await Promise.race([nextMessage(child), exited.then(() => null)]);
  if (begun === null) throw new Error(`The fleet did not begin: ${words}`);
  const startedAt = performance.now();
  const ended = nextMessage(child).then((message) => ('ended' in message ? message.ended : ''));
  if (killAfterMs !== null) {
    await Promise.race([delay(killAfterMs), ended, exited]);
    child.kill('SIGKILL');
  }
  const outcome = await Promise.race([ended, exited.then(() => null)]);
  await exited;
  return { ended: outcome, lastedMs: performance.now() - startedAt };
}

const nextMessage = (child: ChildProcess): Promise<ClientMessage> =>
  new Promise((resolve) => child.once('message', (message) => resolve(message as ClientMessage)));

/** What was done twice, half, or not at all. */
async function wrongIn({ url, query }: KilledDatabase): Promise<string[]> {
  const wrong: string[] = [];
  for (let number = 1; number <= migrations; number += 1) {
    const rows = await query(`select id, more from step_${number}`).catch(() => []);
    if (rows.length !== 1) wrong.push(`${withoutPassword(url)}: step_${number} has ${rows.length} rows`);
  }
  const history = await query('select version from schema_migrations');
  if (history.length !== migrations) wrong.push(`${withoutPassword(url)}: ${history.length} entries in the history`);
  return wrong;
}

const withoutPassword = (url: string): string => url.replace(/\/\/.*@/, '//');
