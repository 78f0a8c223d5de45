/**
 * Backups: taking one beside what one connection can read at all and the dump programs by themselves, and a proven one
 * beside the same by hand with the best settings that were found: dump, restore by two connections, comparison of all rows.
 * Lockkeeper runs as `backup create`, with its defaults.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byHand, fillStatements, type Hand } from './backupsByHand.ts';
import { measuredFile } from './contenders.ts';
import { type BenchDatabase, type BenchEngine, type Engine, openEngine } from './engines.ts';
import type { Figure, FigureGroup } from './interface.ts';
import { type Measurement, measure, type Program } from './measure.ts';
import { serverProcessorSeconds } from './serverTime.ts';

/** Of rows, as a dump has them: `performance.md` and the aim. */
const usualMegabytes = { taken: 350, proven: 500 };
/** `performance.md`: of one connection's limit, and of the same by hand. */
const aims = { timesLimit: 1.5, timesByHand: 1.1 };

export interface BackupBench {
  readonly engines: readonly Engine[];
  readonly rounds: number;
  /** Null: as the figures ask for. */
  readonly megabytes: number | null;
}

interface Runner {
  readonly title: string;
  /** What the aim is a multiple of. */
  readonly isLimit: boolean;
  program(folder: string): Program;
}

interface Run extends Measurement {
  /** Of the server, in its own processes. */
  readonly serverSeconds: number;
  readonly archiveBytes: number;
}

export async function measureBackups({ engines, rounds, megabytes }: BackupBench): Promise<readonly FigureGroup[]> {
  const groups: FigureGroup[] = [];
  for (const id of engines) {
    await using engine = await openEngine(id);
    if (engine === null) continue;
    for (const kind of ['taken', 'proven'] as const) {
      const size = megabytes ?? usualMegabytes[kind];
      await using database = await engine.createDatabase();
      for (const sql of fillStatements(id, size)) await database.query(sql);
      const runners = [...byHand(engine, database, kind).map(manual), lockkeeper(engine, database, kind)];
      const title = kind === 'taken' ? `Taking a backup of ${size} MB` : `A proven backup of ${size} MB`;
      const figures = await takeTurns(engine, runners, rounds, aims[kind === 'taken' ? 'timesLimit' : 'timesByHand']);
      groups.push({ title: `${title}, ${engine.title}`, figures });
    }
  }
  return groups;
}

const manual = ({ title, isLimit, script, environment }: Hand): Runner => ({
  title,
  isLimit,
  program: (folder) => ({ file: 'bash', arguments: ['-euo', 'pipefail', '-c', script], environment, folder }),
});

function lockkeeper(engine: BenchEngine, { url }: BenchDatabase, kind: 'taken' | 'proven'): Runner {
  const parameters = { postgres: '?sslmode=disable', mariadb: '?ssl-mode=DISABLED', sqlite: '' }[engine.id];
  const words = ['backup', 'create', ...(kind === 'proven' ? ['--prove'] : []), '--json', '--url-env', 'DB'];
  return {
    title: 'Lockkeeper',
    isLimit: false,
    program: (folder) => ({
      file: process.execPath,
      arguments: [measuredFile, ...words, '--source', folder],
      environment: { DB: `${url}${parameters}`, LOCKKEEPER_HOME: join(folder, 'home') },
      folder,
    }),
  };
}

async function takeTurns(
  engine: BenchEngine,
  runners: readonly Runner[],
  rounds: number,
  timesLimit: number,
): Promise<readonly Figure[]> {
  const results = runners.map((runner) => ({ runner, runs: [] as Run[] }));
  for (let round = 0; round < rounds; round += 1)
    for (let turn = 0; turn < results.length; turn += 1) {
      const result = results[(round + turn) % results.length];
      result?.runs.push(await runIn(engine, result.runner));
    }
  const limit = results.find(({ runner }) => runner.isLimit)?.runs ?? [];
  const aim = timesLimit * Math.min(...limit.map(({ seconds }) => seconds));
  return results.flatMap(({ runner: { title }, runs }) => [
    {
      title,
      values: runs.map(({ seconds }) => seconds),
      unit: 's' as const,
      aim: title === 'Lockkeeper' ? aim : null,
    },
    {
      title: `${title}: processor time, the server's included`,
      values: runs.map(({ processorSeconds, serverSeconds }) => processorSeconds + serverSeconds),
      unit: 's' as const,
      aim: null,
    },
    { title: `${title}: memory`, values: runs.map((run) => run.peakBytes / 1e6), unit: 'MB' as const, aim: null },
    { title: `${title}: written`, values: runs.map((run) => run.archiveBytes / 1e6), unit: 'MB' as const, aim: null },
  ]);
}

async function runIn(engine: BenchEngine, runner: Runner): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-bench-'));
  try {
    const before = await serverProcessorSeconds(engine.server);
    const measured = await measure(runner.program(folder));
    const serverSeconds = (await serverProcessorSeconds(engine.server)) - before;
    return { ...measured, serverSeconds, archiveBytes: await bytesIn(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}
