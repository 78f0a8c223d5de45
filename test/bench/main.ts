/**
 * `npm run bench`: measures Lockkeeper beside the limit, the servers' own clients and dbmate, interleaved, and writes
 * RESULTS.md.
 *
 * `-- --only WORKLOAD` (repeatable; prints only), `-- --engine ENGINE` (likewise), `-- --rounds N` (5). The workload
 * `interface` is measured in a browser; its part of RESULTS.md is written whenever it is. The workload `fleet` is measured
 * only when it is named, as often as `--rounds` says (`--databases N`: with fewer), and writes FLEETS.md.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildIsOld, type Contender, contenders, measuredFile, type Task, writeScript } from './contenders.ts';
import { type BenchEngine, type Engine, openEngine } from './engines.ts';
import { measureFleets } from './fleet.ts';
import { measureInterface } from './interface.ts';
import { measure } from './measure.ts';
import { type SlowProxy, startProxy } from './proxy.ts';
import {
  formatFleets,
  formatGroup,
  formatReport,
  formatWorkload,
  interfaceOf,
  type Result,
  type WorkloadResult,
  withInterface,
} from './report.ts';
import { type Workload, workloads } from './workloads.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    engine: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    databases: { type: 'string' },
  },
});

const allEngines: readonly Engine[] = ['postgres', 'mariadb', 'sqlite'];
const cache = fileURLToPath(new URL('../../node_modules/.cache/lockkeeper-bench', import.meta.url));

const chosen = workloads.filter(({ id }) => values.only?.includes(id) ?? true);
const withInterfaceToo = values.only?.includes('interface') ?? values.engine === undefined;
const withFleets = values.only?.includes('fleet') ?? false;
if (chosen.length === 0 && !withInterfaceToo && !withFleets) {
  const known = [...workloads.map(({ id }) => id), 'interface', 'fleet'];
  throw new Error(`There is no such workload; choose of ${known.join(', ')}`);
}
if (buildIsOld()) console.log('The sources are newer than the build that is measured; `npm run build` makes it anew.');
console.log(`Measuring ${measuredFile}`);

const report = new URL('./RESULTS.md', import.meta.url);
const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-bench-'));

async function runAll(): Promise<readonly WorkloadResult[]> {
  const results: WorkloadResult[] = [];
  for (const id of allEngines.filter((engine) => values.engine?.includes(engine) ?? true)) {
    await using engine = await openEngine(id);
    if (engine === null) continue;
    for (const workload of chosen) {
      if (workload.latencyMs > 0 && engine.server === null) continue;
      const result = { workload, engine: engine.title, results: await runWorkload(engine, workload) };
      console.log(`\n${formatWorkload(result)}`);
      results.push(result);
    }
  }
  return results;
}

async function runWorkload(engine: BenchEngine, workload: Workload): Promise<readonly Result[]> {
  const source = join(folder, workload.id);
  const script = join(folder, `${workload.id}.sql`);
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true });
  await rm(source, { recursive: true, force: true });
  await workload.write(source);
  await writeScript(source, script);
  await using proxy = await proxyFor(engine, workload);
  const results = (await contenders(cache)).map((contender) => newResult(contender));
  const rounds = Math.min(Number(values.rounds), workload.maxRounds);
  for (let round = 0; round < rounds; round += 1)
    for (const result of rotated(results, round)) {
      const task = { engine, workload, port: proxy?.port ?? null, folder: source, script, home };
      await runOnce(task, result, proxy).catch((error: unknown) => {
        // What a peer cannot do is a result, too.
        if (result.contender.id !== 'client' && result.contender.id !== 'dbmate') throw error;
        console.log(`${result.contender.title} could not: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  return results.filter(({ seconds }) => seconds.length > 0);
}

const newResult = (contender: Contender): Result => ({ contender, seconds: [], peakBytes: [], roundTrips: [] });

/** Whoever runs first in a round should not always be the same. */
const rotated = <T>(all: readonly T[], by: number): T[] => all.map((_, index) => all[(index + by) % all.length] as T);

const proxyFor = async ({ server }: BenchEngine, { latencyMs }: Workload): Promise<SlowProxy | null> =>
  server === null || latencyMs === 0 ? null : startProxy({ host: server.host, port: server.port }, latencyMs);

async function runOnce(about: Omit<Task, 'database'>, result: Result, proxy: SlowProxy | null): Promise<void> {
  await using database = await about.engine.createDatabase();
  const task = { ...about, database };
  const program = result.contender.program(task);
  if (program === null) return;
  if (task.workload.setup !== null) await database.query(task.workload.setup);
  // Each brings its own history into being, as a run of its own would have.
  if (task.workload.appliedBefore) await measure(program);
  proxy?.takeRoundTrips();
  const { seconds, peakBytes } = await measure(program);
  result.seconds.push(seconds);
  result.peakBytes.push(peakBytes);
  if (proxy !== null) result.roundTrips.push(proxy.takeRoundTrips());
  await requireApplied(task);
}

async function runFleets(): Promise<void> {
  const engines = allEngines.filter((engine) => values.engine?.includes(engine) ?? true);
  const databases = values.databases === undefined ? null : Number(values.databases);
  const groups = await measureFleets({ engines, rounds: Number(values.rounds), databases, cache });
  for (const group of groups) console.log(`\n${formatGroup(group)}`);
  // Of fewer databases or engines the figures say nothing beside the aims.
  const complete = databases === null && values.engine === undefined;
  if (complete) await writeFile(new URL('./FLEETS.md', import.meta.url), formatFleets(groups));
}

/** A fast program that did nothing is none. */
async function requireApplied({ database, workload }: Task): Promise<void> {
  const [row] = await database.query('SELECT count(*) AS count FROM schema_migrations');
  if (Number(row?.['count']) !== workload.migrations)
    throw new Error(`${String(row?.['count'])} of ${workload.migrations} migrations were applied`);
}

try {
  const results = chosen.length === 0 ? [] : await runAll();
  const groups = withInterfaceToo ? await measureInterface() : [];
  for (const group of groups) console.log(`\n${formatGroup(group)}`);
  const complete = values.only === undefined && values.engine === undefined;
  const before = await readFile(report, 'utf8');
  const after = complete ? `${formatReport(results)}\n${interfaceOf(before)}` : before;
  if (complete || groups.length > 0)
    await writeFile(report, groups.length === 0 ? after : withInterface(after, groups));
  if (withFleets) await runFleets();
} finally {
  await rm(folder, { recursive: true, force: true });
}
