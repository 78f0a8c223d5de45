// The invariants: what must hold after a run was hit and then finished (one line for each that does not).
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { readLock } from '../../electron/services/lockStatus.ts';
import { verifyHistory } from '../../electron/services/verifyHistory.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import type { Bench } from './bench.ts';
import type { Course } from './course.ts';
import { differences, readState } from './state.ts';
import type { CrashDatabase } from './targets.ts';
import type { Target } from './workload.ts';

/** Versions that the program has told its user to be done. */
export function acknowledged(records: readonly RunRecord[]): string[] {
  const [started] = records;
  if (started?.type !== 'runStarted') return [];
  return records.flatMap((record) =>
    record.type === 'stepFinished' && record.outcome === 'succeeded'
      ? [started.steps[record.step]?.version ?? `step ${record.step}`]
      : [],
  );
}

/** Right after the hit, before anybody repairs anything. */
export async function checkAcknowledged(database: CrashDatabase, records: readonly RunRecord[]): Promise<string[]> {
  const told = acknowledged(records);
  if (told.length === 0) return [];
  const rows = await database.query("SELECT version FROM lockkeeper_history WHERE state = 'applied'");
  const applied = new Set(rows.map(({ version }) => String(version)));
  return told
    .filter((version) => !applied.has(version))
    .map((version) => `acknowledged, but not in the history: ${version}`);
}

/** When everything is said to be done. */
export async function checkFinished(bench: Bench, database: CrashDatabase, { expected }: Course): Promise<string[]> {
  const { context } = bench.backend;
  const request = bench.request(database, true);
  const found = await readState(context, request, bench.target.id);
  const report = await verifyHistory(context, request);
  return [
    ...differences(expected, found),
    ...report.findings.map(({ kind, version, detail }) => `history: ${kind} ${version ?? ''} ${detail}`),
    ...(await checkOverlap(bench, database)),
    ...(await checkLock(bench, database)),
  ];
}

const stepTables: Readonly<Record<Target, (database: string) => string>> = {
  postgres: () => 'lockkeeper.step',
  mysql: (database) =>
    `lockkeeper.step WHERE run_id IN (SELECT id FROM lockkeeper.run WHERE database_name = '${database}')`,
  sqlite: () => 'lockkeeper_step',
  'sqlite-wal': () => 'lockkeeper_step',
};

/** Times at which each run began its steps: those of two runs must not be mixed. */
async function checkOverlap({ target }: Bench, database: CrashDatabase): Promise<string[]> {
  const rows = await database.query(
    `SELECT run_id, min(started_at) AS first, max(started_at) AS last FROM ${stepTables[target.id](database.name)} GROUP BY run_id ORDER BY 2`,
  );
  return rows.flatMap((row, index) => {
    const next = rows[index + 1];
    const overlaps = next !== undefined && Number(asTime(next['first'])) < Number(asTime(row['last']));
    return overlaps
      ? [`the runs ${String(row['run_id'])} and ${String(next['run_id'])} were at work at the same time`]
      : [];
  });
}

const asTime = (value: unknown): Date => (value instanceof Date ? value : new Date(String(value)));

/** Milliseconds in which the session of a program that died has ended, and between two looks. */
const patienceMs = 5_000;
const pollMs = 100;

async function checkLock(bench: Bench, database: CrashDatabase): Promise<string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { held, holder } = await readLock(bench.backend.context, bench.request(database, true));
    if (!held) return [];
    if (performance.now() > deadline) return [`the lock is still held by ${JSON.stringify(holder)}`];
    await delay(pollMs);
  }
}

/**
 * Files below a folder that hold the secret. Looked for by another process: one that closes a database file of its own gives
 * up SQLite's locks on it (sqlite.org/howtocorrupt.html, 2.2).
 */
export function findSecret(secret: string, folder: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const search = execFile('grep', ['-rlaF', '-f', '-', folder], (error, stdout, stderr) => {
      // 1: nothing was found; 2: a file went away meanwhile, and only that is let pass.
      if (error !== null && error.code !== 1 && !/^(?:grep: .*: No such file or directory\s*)+$/.test(stderr))
        return reject(error);
      const found = stdout.split('\n').filter(Boolean);
      return resolve(found.map((path) => `the password is in ${path}`));
    });
    search.stdin?.end(`${secret}\n`);
  });
}

export async function findSecretInProcesses(secret: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const text = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (text.includes(secret)) found.push(`the password is in the command line of process ${name}`);
  }
  return found;
}
