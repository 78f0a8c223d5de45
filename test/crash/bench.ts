// What the shots of one worker share: a data directory, a proxy, migrations, and programs started ahead.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backend, compose } from '../../electron/compose.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { type ClientProcess, startClient } from './clientProcess.ts';
import type { SmallDisk } from './mount.ts';
import { startProxy, type WireProxy } from './proxy.ts';
import type { CrashDatabase, CrashTarget } from './targets.ts';
import { writeMigrations } from './workload.ts';

export interface Bench extends AsyncDisposable {
  readonly target: CrashTarget;
  readonly dataDirectory: string;
  readonly backend: Backend;
  /** Null: the engine has no network. */
  readonly proxy: WireProxy | null;
  /** Which may be filled; null: none could be mounted, or none is needed. */
  readonly disks: Disks;
  /** `direct`: around the proxy. */
  request(database: CrashDatabase, direct: boolean): Extract<TargetRequest, { kind: 'adHoc' }>;
  takeClient(): ClientProcess;
}

interface Disks {
  /** Under the data directory. */
  readonly client: SmallDisk | null;
  /** Under the server's data. */
  readonly server: SmallDisk | null;
}

const noDisks: Disks = { client: null, server: null };

export async function openBench(target: CrashTarget, program: string, disks = noDisks): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-crash-'));
  const dataDirectory = join(disks.client?.folder ?? folder, 'data');
  await mkdir(dataDirectory, { recursive: true });
  const { server, protocol } = target;
  const proxy = server === null || protocol === null ? null : await startProxy(protocol, server);
  const backend = await compose({ dataDirectory, shell: 'commandLine' });
  const env = { PATH: process.env['PATH'], HOME: folder, NODE_COMPILE_CACHE: join(program, '..', '..', 'compiled') };
  const sources = new Map<string, string>();
  const sourceOf = ({ workload }: CrashDatabase): string => {
    const known = sources.get(workload.id);
    if (known !== undefined) return known;
    const source = join(folder, `migrations-${sources.size}`);
    writeMigrations(source, workload);
    sources.set(workload.id, source);
    return source;
  };
  let ahead: ClientProcess | null = null;
  const start = () => startClient(program, env);
  return {
    target,
    dataDirectory,
    backend,
    proxy,
    disks,
    request: (database, direct) => ({
      kind: 'adHoc',
      url: database.url(direct || proxy === null ? null : proxy.port),
      tier: 'development',
      overrides: { path: sourceOf(database), placeholders: { db: database.name } },
    }),
    takeClient() {
      const taken = ahead ?? start();
      ahead = start();
      return taken;
    },
    async [Symbol.asyncDispose]() {
      ahead?.signal('SIGKILL', true);
      await backend.close();
      await proxy?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
