/**
 * `npm run bench`: measures Lockkeeper beside the limit, the servers' own clients and every peer that can be had,
 * interleaved, and writes RESULTS.md.
 *
 * `-- --only NAME` (repeatable): only that part of RESULTS.md; `huge` (1 GB) is measured when it is named. `-- --rounds N` (5). To try something, which is printed and not written: `--engine
 * ENGINE`, `--peer ID` (both repeatable), `--migrations N`, `--databases N` (of a fleet), `--megabytes N` (of a backup).
 *
 * Peers are installed into a temporary folder that goes afterwards; one given by LOCKKEEPER_PEERS is used again and kept.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PEERS_FOLDER } from '../peers/install.ts';
import { compare } from './comparison.ts';
import { buildIsOld, cacheFolder as cache, measuredFile, ownContenders } from './contenders.ts';
import { type Engine, openEngine } from './engines.ts';
import { figureParts, formatGroup } from './figures.ts';
import { installPeers } from './peers/index.ts';
import { formatComparison } from './report.ts';
import { type Parts, readParts, writeParts } from './results.ts';
import { circumstances, loads } from './table.ts';
import { type Workload, workloadsOf } from './workloads.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    engine: { type: 'string', multiple: true },
    peer: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    migrations: { type: 'string' },
    databases: { type: 'string' },
    megabytes: { type: 'string' },
  },
});

const numberOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));
const allEngines: readonly Engine[] = ['postgres', 'mariadb', 'sqlite'];
const engines = allEngines.filter((engine) => values.engine?.includes(engine) ?? true);
const rounds = Number(values.rounds);
const workloads = workloadsOf(numberOf(values.migrations));
const chosen = workloads.filter(({ id, onlyNamed }) => values.only?.includes(id) ?? !onlyNamed);
const figures = figureParts.filter(({ id }) => values.only?.includes(id) ?? true);
const isTrial = [values.engine, values.peer, values.migrations, values.databases, values.megabytes].some(
  (given) => given !== undefined,
);
const peersHeading = 'Peers';
const order = [peersHeading, ...workloads.map(({ title }) => title), ...figureParts.map(({ heading }) => heading)];

const known = [...workloads, ...figureParts].map(({ id }) => id);
const unknown = values.only?.filter((name) => !known.some((id) => id === name)) ?? [];
if (unknown.length > 0) throw new Error(`There is no workload ${unknown.join(', ')}; choose of ${known.join(', ')}`);
if (buildIsOld()) console.log('The sources are newer than the build that is measured; `npm run build` makes it anew.');
console.log(`Measuring ${measuredFile}`);

const measured = new Map<string, string>();

async function compareAll(folder: string): Promise<void> {
  const { peers, told } = chosen.some(({ contenders }) => contenders === 'all')
    ? await installPeers(values.peer ?? null)
    : { peers: [], told: '' };
  if (told !== '') measured.set(peersHeading, told);
  const everybody = [...ownContenders(cache), ...peers];
  const before = await readParts();
  for (const id of engines) {
    await using engine = await openEngine(id);
    if (engine === null) continue;
    for (const workload of chosen) {
      if (workload.latencyMs > 0 && engine.server === null) continue;
      const comparison = await compare(engine, workload, everybody, { rounds, folder });
      const text = formatComparison(comparison, before.get(workload.title) ?? null);
      console.log(`\n## ${workload.title}\n\n${text}`);
      addTo(workload, text);
    }
  }
}

const startedWith = loads();

/** One part has all engines, one after the other. */
function addTo({ title }: Workload, text: string): void {
  const [, ...engineParts] = (measured.get(title) ?? '').split(/^(?=### )/m);
  measured.set(title, [circumstances(startedWith), ...engineParts.map((part) => part.trim()), text].join('\n\n'));
}

async function measureFigures(): Promise<void> {
  for (const { id, heading, about, measure } of figures) {
    console.log(`\n## ${heading}`);
    const databases = numberOf(values.databases);
    const megabytes = numberOf(values.megabytes);
    const before = loads();
    const groups = await measure({
      engines,
      rounds: id === 'fleet' ? Math.min(rounds, 3) : rounds,
      databases,
      megabytes,
      cache,
    });
    const text = groups.map(formatGroup).join('\n\n');
    console.log(text);
    measured.set(heading, `${circumstances(before)} ${about}\n\n${text}`);
  }
}

/** After the comparisons, too: hours of measuring are not lost with the figures that follow. */
async function writeMeasured(): Promise<void> {
  if (isTrial || measured.size === 0) return;
  const parts: Parts = new Map([...(await readParts()), ...measured]);
  await writeParts(parts, order);
}

const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-bench-'));
process.env[PEERS_FOLDER] ??= join(folder, 'peers');
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(code);
  });
try {
  if (chosen.length > 0) await compareAll(folder);
  await writeMeasured();
  await measureFigures();
  await writeMeasured();
} finally {
  await rm(folder, { recursive: true, force: true });
}
