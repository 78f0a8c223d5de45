/**
 * Fleets: many databases with 20 small migrations each, from empty, with nothing pending and with 20 ms of latency, beside
 * the limit (`limit.ts` over the same databases, eight at a time) and dbmate (a process for each, two at a time); and the
 * status of 500 environments in one view. Lockkeeper runs as `fleet up` and `fleet status`, with its defaults.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveBinary } from 'dbmate';
import { compose } from '../../electron/compose.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { inTurn } from '../../electron/services/inTurn.ts';
import { environmentOf } from '../services/values.ts';
import { measuredFile, stripped } from './contenders.ts';
import { type BenchDatabase, type BenchEngine, type Engine, openEngine } from './engines.ts';
import type { Figure, FigureGroup } from './interface.ts';
import { type Measurement, measure, type Program } from './measure.ts';
import { startProxy } from './proxy.ts';
import { writeSmall } from './workloads.ts';

const migrations = 20;
const latencyMs = 20;
/** With latency: so many of Lockkeeper's members at once, and fewer databases, for a peer takes seconds for each. */
const latencyJobs = 64;
const latencyDatabases = 40;
const statusEnvironments = 500;
/** `performance.md` and the fleet's figures. */
const aims = { timesLimit: 1.25, peakMb: 300, statusSeconds: 3, timesPeer: 20 };

const usualDatabases: Readonly<Record<Engine, number>> = { sqlite: 200, postgres: 100, mariadb: 100 };

export interface FleetBench {
  readonly engines: readonly Engine[];
  readonly rounds: number;
  /** Null: as many as the figures ask for. */
  readonly databases: number | null;
  /** Folder for the limit without its types. */
  readonly cache: string;
}

const never = new AbortController().signal;

export async function measureFleets({
  engines,
  rounds,
  databases,
  cache,
}: FleetBench): Promise<readonly FigureGroup[]> {
  const groups: FigureGroup[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-bench-'));
  const source = join(folder, 'migrations');
  await writeSmall(source, migrations);
  try {
    for (const id of engines) {
      await using engine = await openEngine(id);
      if (engine === null) continue;
      const bench = { engine, source, folder, limit: stripped(cache) };
      const count = databases ?? usualDatabases[id];
      groups.push({
        title: `${count} databases, ${migrations} migrations each, ${engine.title}`,
        figures: await measureLoopback(bench, count, rounds),
      });
      if (engine.server === null) continue;
      const far = Math.min(count, latencyDatabases);
      groups.push({
        title: `${far} databases with ${latencyMs} ms of latency, ${engine.title}`,
        figures: await measureLatency(bench, far),
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return groups;
}

interface Bench {
  readonly engine: BenchEngine;
  readonly source: string;
  readonly folder: string;
  readonly limit: string;
}

async function measureLoopback(bench: Bench, count: number, rounds: number): Promise<readonly Figure[]> {
  const bare: Measurement[] = [];
  const durable: Measurement[] = [];
  const ours: Measurement[] = [];
  const nothing: Measurement[] = [];
  const status: Measurement[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await using first = await createAll(bench.engine, count);
    bare.push(await measure(await limitOf(bench, first.databases, false)));
    await first.requireApplied();
    await using second = await createAll(bench.engine, count);
    durable.push(await measure(await limitOf(bench, second.databases, true)));
    await second.requireApplied();
    await using third = await createAll(bench.engine, count);
    const home = await workspaceOf(bench, third.databases, count, null);
    ours.push(await measure(fleetOf(bench, home, ['up'])));
    await third.requireApplied();
    nothing.push(await measure(fleetOf(bench, home, ['up'])));
    const many = await workspaceOf(bench, third.databases, statusEnvironments, null);
    status.push(await measure(fleetOf(bench, many, ['status'])));
  }
  const seconds = (all: readonly Measurement[]) => all.map((one) => one.seconds);
  return [
    { title: 'limit, bare', values: seconds(bare), unit: 's', aim: null },
    { title: 'limit, same durable writes', values: seconds(durable), unit: 's', aim: null },
    { title: 'Lockkeeper', values: seconds(ours), unit: 's', aim: aims.timesLimit * least(seconds(durable)) },
    { title: 'Lockkeeper, nothing pending', values: seconds(nothing), unit: 's', aim: null },
    { title: 'memory of Lockkeeper with its child processes', values: peaks(ours), unit: 'MB', aim: aims.peakMb },
    {
      title: `status of ${statusEnvironments} environments on these databases`,
      values: seconds(status),
      unit: 's',
      aim: aims.statusSeconds,
    },
    { title: 'memory of that', values: peaks(status), unit: 'MB', aim: aims.peakMb },
  ];
}

const peaks = (all: readonly Measurement[]) => all.map(({ peakBytes }) => peakBytes / 1e6);
const least = (values: readonly number[]): number => Math.min(...values);

async function measureLatency(bench: Bench, count: number): Promise<readonly Figure[]> {
  const { server } = bench.engine;
  if (server === null) return [];
  await using proxy = await startProxy({ host: server.host, port: server.port }, latencyMs);
  await using first = await createAll(bench.engine, count);
  const home = await workspaceOf(bench, first.databases, count, proxy.port);
  const ours = await measure(fleetOf(bench, home, ['up', '--jobs', String(latencyJobs)]));
  await first.requireApplied();
  await using second = await createAll(bench.engine, count);
  const startedAt = performance.now();
  await inTurn(second.databases, 2, never, async ({ url }) => {
    await measure(peerOf(bench, portOf(url, proxy.port)));
  });
  const peer = (performance.now() - startedAt) / 1000;
  await second.requireApplied();
  return [
    { title: `Lockkeeper, ${latencyJobs} at once`, values: [ours.seconds], unit: 's', aim: peer / aims.timesPeer },
    { title: 'dbmate, a process for each, two at a time', values: [peer], unit: 's', aim: null },
    { title: 'memory of Lockkeeper', values: [ours.peakBytes / 1e6], unit: 'MB', aim: aims.peakMb },
  ];
}

interface Databases extends AsyncDisposable {
  readonly databases: readonly BenchDatabase[];
  requireApplied(): Promise<void>;
}

/** Made before the clock starts. */
async function createAll(engine: BenchEngine, count: number): Promise<Databases> {
  const stack = new AsyncDisposableStack();
  const databases: BenchDatabase[] = [];
  for (let number = 0; number < count; number += 1) databases.push(stack.use(await engine.createDatabase()));
  return {
    databases,
    async requireApplied() {
      for (const { name, query } of databases) {
        const [row] = await query('SELECT count(*) AS count FROM schema_migrations');
        if (Number(row?.['count']) !== migrations) throw new Error(`${name} has ${String(row?.['count'])} migrations`);
      }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function limitOf(bench: Bench, databases: readonly BenchDatabase[], durable: boolean): Promise<Program> {
  const list = join(bench.folder, 'urls');
  await writeFile(list, databases.map(({ url }) => url).join('\n'));
  const journal = join(bench.folder, 'journal');
  await rm(journal, { recursive: true, force: true });
  await mkdir(journal);
  return {
    file: process.execPath,
    arguments: [bench.limit, bench.engine.id, `@${list}`, bench.source, ...(durable ? [journal] : [])],
  };
}

/** With `count` environments over the databases, which take turns. */
async function workspaceOf(
  bench: Bench,
  databases: readonly BenchDatabase[],
  count: number,
  port: number | null,
): Promise<string> {
  const home = await mkdtemp(join(bench.folder, 'home-'));
  const backend = await compose({ dataDirectory: home, shell: 'commandLine' });
  for (let number = 0; number < count; number += 1) {
    const { url } = databases[number % databases.length] ?? { url: '' };
    const { connection, ...given } = environmentOf(port === null ? url : portOf(url, port), bench.source);
    await addEnvironment(backend.context, {
      ...given,
      name: `member ${number}`,
      connection: connection.engine === 'sqlite' ? connection : { ...connection, tls: 'disable' },
      source: { path: bench.source, tool: 'dbmate' },
      secret: connection.engine === 'sqlite' ? null : { password: '', keep: 'ask' },
    });
  }
  await backend.close();
  return home;
}

/** The server's one password is for all of them. */
const fleetOf = ({ engine }: Bench, home: string, words: readonly string[]): Program => ({
  file: process.execPath,
  arguments: [
    ...[measuredFile, 'fleet', ...words, '--all', '--json'],
    ...(engine.server === null ? [] : ['--password-env', 'FLEET_PASSWORD']),
  ],
  environment: { LOCKKEEPER_HOME: home, FLEET_PASSWORD: engine.server?.superuser.password ?? '' },
});

const peerOf = ({ engine, source }: Bench, url: string): Program => ({
  file: resolveBinary(),
  arguments: [
    ...['--url', engine.id === 'postgres' ? `${url}?sslmode=disable` : url],
    ...['-d', source, '--no-dump-schema', 'migrate'],
  ],
  folder: source,
});

function portOf(text: string, port: number): string {
  const url = new URL(text);
  url.port = String(port);
  return url.href;
}
