/** Which processes have the file open or locked, as far as the operating system tells: Linux does, in /proc. */
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ActivitySession } from '../../../shared/model/activity.ts';
import type { Session } from '../../engine/ports.ts';
import type { DatabaseActivity } from '../activity.ts';

export const sqliteActivity: DatabaseActivity = {
  async list(session) {
    const file = session.identity.id.replace(/^sqlite:/, '');
    const own = Number(/\d+/.exec(session.identity.backend)?.[0]);
    const found = process.platform === 'linux' ? await processesWith(file) : [];
    return found.filter(({ pid }) => pid !== own).concat(await lockHolder(session, found));
  },
  progress: () => Promise.resolve(null),
  // There is no server that could be asked to end another program's work.
  end: () => Promise.resolve('refused'),
};

/** Where the system does not list processes, at least whoever runs migrations is known. */
async function lockHolder(session: Session, found: readonly ActivitySession[]): Promise<ActivitySession[]> {
  const { held, holder } = await session.lockInfo('');
  const pid = Number(holder?.process);
  if (!held || holder === null || !Number.isInteger(pid) || found.some((one) => one.pid === pid)) return [];
  const { person, host } = holder;
  return [{ ...nobody, pid, user: person, host, application: 'lockkeeper', state: 'holds the migration lock' }];
}

const nobody = {
  user: null,
  host: null,
  application: null,
  state: null,
  query: null,
  ageMs: null,
  transactionMs: null,
  waitingFor: null,
  blocks: [],
  inferred: false,
} as const;

/** Processes of other accounts show what they have open to the administrator only. */
async function processesWith(file: string): Promise<ActivitySession[]> {
  const locks = await locksOn(file);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found: ActivitySession[] = [];
  for (const pid of pids) {
    const lock = locks.get(Number(pid));
    if (lock === undefined && !(await hasOpen(pid, file))) continue;
    const [application, user] = await Promise.all([programOf(pid), ownerOf(pid)]);
    found.push({ ...nobody, pid: Number(pid), application, user, state: lock ?? 'has the file open' });
  }
  return found;
}

async function hasOpen(pid: string, file: string): Promise<boolean> {
  const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(handles.map((one) => readlink(`/proc/${pid}/fd/${one}`).catch(() => '')));
  return targets.includes(file);
}

/** `1: POSIX  ADVISORY  WRITE 4711 08:01:123456 1073741824 1073742335`, by process. */
async function locksOn(file: string): Promise<ReadonlyMap<number, string>> {
  const inodes = new Set<string>();
  for (const suffix of ['', '-wal', '-shm', '-journal'])
    await stat(`${file}${suffix}`).then(
      ({ ino }) => inodes.add(String(ino)),
      () => undefined,
    );
  const found = new Map<number, string>();
  for (const line of (await readFile('/proc/locks', 'utf8').catch(() => '')).split('\n')) {
    const [, mode, pid, inode] = /POSIX\s+\S+\s+(READ|WRITE)\s+(\d+)\s+\S+:\S+:(\d+)\s/.exec(line) ?? [];
    if (mode === undefined || inode === undefined || !inodes.has(inode)) continue;
    const known = found.get(Number(pid));
    if (known !== writes) found.set(Number(pid), mode === 'WRITE' ? writes : reads);
  }
  return found;
}

const writes = 'holds a write lock';
const reads = 'holds a read lock';

const programOf = async (pid: string): Promise<string | null> => {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return words[0] === undefined || words[0] === '' ? null : basename(words[0]);
};

const ownerOf = async (pid: string): Promise<string | null> => {
  const { uid } = await stat(`/proc/${pid}`).catch(() => ({ uid: null }));
  return uid === null ? null : `user ${uid}`;
};
