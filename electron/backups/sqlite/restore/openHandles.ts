// Which programs have a file open. SQLite's own locks tell only of those in the middle of something.
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { OpenSession } from '../../../../shared/model/restore.ts';

/** Of those that this account may look into; on Linux only, elsewhere none. */
export async function programsUsing(file: string): Promise<OpenSession[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(pids.map((pid) => describe(pid, file)));
  return found.filter((program) => program !== null);
}

async function describe(pid: string, file: string): Promise<OpenSession | null> {
  try {
    const folder = `/proc/${pid}/fd`;
    const targets = await Promise.all((await readdir(folder)).map((name) => targetOf(`${folder}/${name}`)));
    if (!targets.includes(file)) return null;
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
    if (Number(field('PPid')) === process.pid && (await isOwnWorker(pid))) return null;
    return { id: pid, user: field('Uid').split('\t')[0] ?? '', program: field('Name'), host: '', state: 'open' };
  } catch {
    return null; // gone meanwhile, or another account's
  }
}

/** Sessions with files have processes of their own (databases/sqlite/worker.ts, or its bundle). */
const isOwnWorker = async (pid: string): Promise<boolean> =>
  /[\\/]sqlite[\\/-]worker\.[jt]s(\0|$)/.test(await readFile(`/proc/${pid}/cmdline`, 'utf8'));

const targetOf = (path: string): Promise<string> => readlink(path).catch(() => '');
