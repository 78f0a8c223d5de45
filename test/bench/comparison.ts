/** One workload on one engine: everybody in turn, several times, each time on a fresh database. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contender, durableLimit, type Project } from './contenders.ts';
import type { BenchDatabase, BenchEngine } from './engines.ts';
import { type Measurement, measure, median } from './measure.ts';
import { type SlowProxy, startProxy } from './proxy.ts';
import { requireDone, type Workload, writeDbmate, writeScript } from './workloads.ts';

/** One program's runs of one workload. */
export interface Result {
  readonly contender: Contender;
  readonly runs: readonly (Measurement & { readonly roundTrips: number | null })[];
}

export interface Comparison {
  readonly workload: Workload;
  /** With its version. */
  readonly engine: string;
  readonly results: readonly Result[];
  /** Who had no part in it, and why. */
  readonly leftOut: readonly { readonly title: string; readonly reason: string }[];
}

/** Whoever took so many times as long as the durable limit has its rank after one round. */
const farBehind = 4;

interface Lane {
  readonly contender: Contender;
  readonly project: Project;
  readonly runs: Result['runs'][number][];
  /** With everything applied already; it is left as it was. */
  database: BenchDatabase | null;
  /** Why it is not run any more. */
  failure: string | null;
}

/** @param folder for all that is written meanwhile; each part of it goes when it was needed */
export async function compare(
  engine: BenchEngine,
  workload: Workload,
  everybody: readonly Contender[],
  given: { readonly rounds: number; readonly folder: string },
): Promise<Comparison> {
  const folder = await mkdtemp(join(given.folder, `${workload.id}-`));
  const leftOut: { title: string; reason: string }[] =
    workload.contenders === 'all' ? [] : [{ title: 'Others', reason: 'not asked to take a script of this size' }];
  const lanes: Lane[] = [];
  try {
    const shared = await writeShared(engine, workload, folder);
    for (const contender of everybody) {
      if (!takesPart(contender, workload)) continue;
      const reason = contender.leftOut(engine, workload);
      if (reason === null) lanes.push(await openLane(contender, shared, folder));
      else if (contender.kind === 'peer') leftOut.push({ title: contender.title, reason });
    }
    await using proxy = await proxyFor(engine, workload);
    if (workload.appliedBefore) for (const lane of lanes) await attempt(lane, () => applyBefore(lane));
    for (let round = 0; round < Math.min(given.rounds, workload.maxRounds); round += 1)
      for (const lane of rotated(lanes, round))
        if (round === 0 || !isFarBehind(lane, lanes)) await attempt(lane, () => runOnce(lane, proxy));
  } finally {
    for (const { database } of lanes) await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
  const failed = lanes.flatMap(({ contender: { title }, failure: reason }) =>
    reason === null ? [] : [{ title, reason }],
  );
  const results = lanes.filter(({ failure }) => failure === null);
  return { workload, engine: engine.title, results, leftOut: [...leftOut, ...failed] };
}

async function writeShared(engine: BenchEngine, workload: Workload, folder: string): Promise<Omit<Project, 'folder'>> {
  const [source, script, home] = [join(folder, 'migrations'), join(folder, 'script.sql'), join(folder, 'home')];
  await mkdir(home);
  await writeDbmate(workload, source);
  if (workload.contenders !== 'limits') await writeScript(workload, script);
  return { engine, workload, source, script, home };
}

const takesPart = ({ kind }: Contender, { contenders }: Workload): boolean =>
  kind === 'peer' ? contenders === 'all' : kind !== 'client' || contenders !== 'limits';

async function openLane(contender: Contender, shared: Omit<Project, 'folder'>, folder: string): Promise<Lane> {
  const project = { ...shared, folder: await mkdtemp(join(folder, `${contender.id}-`)) };
  const lane: Lane = { contender, project, runs: [], database: null, failure: null };
  await attempt(lane, () => contender.prepare(project));
  return lane;
}

/** What a peer cannot do is a result, too; we and the limit must not fail. */
async function attempt(lane: Lane, work: () => Promise<void>): Promise<void> {
  const { contender } = lane;
  if (lane.failure !== null) return;
  await work().catch((error: unknown) => {
    if (contender.kind !== 'client' && contender.kind !== 'peer') throw error;
    const words = error instanceof Error ? error.message : String(error);
    console.log(`${contender.title} could not: ${words}`);
    lane.failure = `failed: ${shortReason(words)}`;
  });
}

/** The line that says it, without the folders of this machine. */
function shortReason(words: string): string {
  const lines = words
    .replaceAll(/\/\S*\//g, '')
    .trim()
    .split('\n');
  return (lines.find((line) => /error|fail/i.test(line)) ?? lines.at(-1) ?? '').trim().slice(0, 200);
}

async function applyBefore(lane: Lane): Promise<void> {
  lane.database = await lane.project.engine.createDatabase();
  await apply(lane, lane.database, null);
}

async function runOnce(lane: Lane, proxy: SlowProxy | null): Promise<void> {
  const made = lane.database === null ? await lane.project.engine.createDatabase() : null;
  const database = lane.database ?? made;
  if (database === null) return;
  try {
    proxy?.takeRoundTrips();
    const measured = await apply(lane, database, proxy?.port ?? null);
    lane.runs.push({ ...measured, roundTrips: proxy?.takeRoundTrips() ?? null });
  } finally {
    await made?.[Symbol.asyncDispose]();
  }
}

async function apply({ contender, project }: Lane, database: BenchDatabase, port: number | null): Promise<Measurement> {
  const { engine, workload } = project;
  if (workload.setup !== null) await database.query(workload.setup);
  const measured = await measure(contender.program({ ...project, url: urlOf(engine, database, port) }));
  await requireDone(workload, engine, database);
  return measured;
}

function urlOf({ server }: BenchEngine, database: BenchDatabase, port: number | null): string {
  if (server === null) return database.url;
  const url = new URL(database.url.replace(/^mariadb:/, 'mysql:'));
  if (port !== null) url.port = String(port);
  return url.href;
}

/** Whoever runs first in a round should not always be the same. */
const rotated = <T>(all: readonly T[], by: number): readonly T[] => {
  const at = by % all.length;
  return [...all.slice(at), ...all.slice(0, at)];
};

function isFarBehind({ runs, contender }: Lane, lanes: readonly Lane[]): boolean {
  const limit = lanes.find((lane) => lane.contender.id === durableLimit)?.runs[0];
  const own = median(runs.map(({ seconds }) => seconds));
  return contender.kind === 'peer' && limit !== undefined && own > farBehind * limit.seconds;
}

const proxyFor = async ({ server }: BenchEngine, { latencyMs }: Workload): Promise<SlowProxy | null> =>
  server === null || latencyMs === 0 ? null : startProxy({ host: server.host, port: server.port }, latencyMs);
