/** Builds the whole backend from a data directory; used by the window, the command line, the server and the tests alike. */
import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import type { Role } from '../shared/model/role.ts';
import { carryPrograms, locatePrograms } from './backups/programs.ts';
import { createAskEachSession } from './credentials/askEachSession.ts';
import { createKeychain } from './credentials/keychain.ts';
import { outsideArchive } from './engine/childEntry.ts';
import type { Clock } from './engine/ports.ts';
import type { Router } from './rpc/router.ts';
import type { Say } from './services/atStart.ts';
import { createChangeFeed } from './services/changeFeed.ts';
import type { Context, HostFacts } from './services/context.ts';
import { logger } from './services/logger.ts';
import { createRoleKeeper } from './services/roleKeeper.ts';
import { createRunRegistry } from './services/runRegistry.ts';
import type { Scheduler } from './services/schedule/scheduler.ts';
import { programFolders } from './services/settings.ts';
import { dataDirectory } from './workspace/dataDirectory.ts';
import { readPolicies } from './workspace/policy.ts';
import { openWorkspace } from './workspace/workspace.ts';

export interface ComposeOptions {
  /** Default: the user's data folder, or LOCKKEEPER_HOME. */
  readonly dataDirectory?: string;
  readonly shell: HostFacts['shell'];
  readonly pickFolder?: () => Promise<string | null>;
  /** Default: as the workspace says, and whoever knows the passphrase may unlock it. */
  readonly role?: Role;
  /** Default: true. False for a server that is reached from elsewhere. */
  readonly atThisComputer?: boolean;
}

export interface Backend {
  readonly context: Context;
  /** Loaded by who asks for it: a command line does without. */
  router(): Promise<Router>;
  /** What happens by itself: before a window or server opens, and beside it. @throws {ProblemError} where the settings say so */
  beforeOpening(say?: Say): Promise<void>;
  afterOpening(say?: Say): Promise<void>;
  /** Nothing is begun by the clock any more. */
  endSchedules(): Promise<void>;
  /** Cancels nothing: waits for no run. Call it when none is active. */
  close(): Promise<void>;
}

const clock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };

/** @throws {ProblemError} `workspace.*`, `policy.invalid` */
export async function compose(options: ComposeOptions): Promise<Backend> {
  const workspace = openWorkspace(options.dataDirectory ?? dataDirectory(), await readPolicies());
  await workspace.settings.prepare(options.shell !== 'commandLine');
  logger.toFile(path.join(workspace.dataDirectory, 'logs', 'lockkeeper.log'));
  for (const folder of toolFolders(workspace.dataDirectory)) carryPrograms(folder);
  locatePrograms(programFolders({ workspace }));
  const changes = createChangeFeed();
  const roleKeeper = createRoleKeeper(workspace.settings, clock);
  const context: Context = {
    workspace,
    credentials: { keychain: createKeychain(), session: createAskEachSession() },
    runs: createRunRegistry(workspace, changes, clock),
    fleets: new Map(),
    changes,
    clock,
    host: {
      user: userName(),
      hostName: hostname(),
      process: process.pid,
      version: packageJson.version,
      samplesFolder: samplesFolder(),
      pickFolder: options.pickFolder ?? null,
      shell: options.shell,
      atThisComputer: options.atThisComputer ?? true,
    },
    get role() {
      return options.role ?? roleKeeper.role();
    },
    canUnlock: options.role === undefined,
    roleKeeper,
  };
  let scheduler: Scheduler | null = null;
  let router: Promise<Router> | null = null;
  return {
    context,
    router() {
      router ??= import('./rpc/router.ts').then(({ createRouter }) => createRouter(context));
      return router;
    },
    beforeOpening: async (say) => (await import('./services/atStart.ts')).beforeOpening(context, say),
    async afterOpening(say) {
      const [{ startScheduler }, { afterOpening }] = await Promise.all([
        import('./services/schedule/scheduler.ts'),
        import('./services/atStart.ts'),
      ]);
      scheduler ??= startScheduler(context);
      await afterOpening(context, say);
    },
    async endSchedules() {
      await scheduler?.stop();
    },
    async close() {
      await scheduler?.stop();
      await workspace.close();
    },
  };
}

/** An account without a name exists in some containers; its number must do. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Dump programs carried along: in the data directory, beside the program, beside the application's files. */
const toolFolders = (dataDirectory: string): string[] =>
  [dataDirectory, path.dirname(process.execPath), ...applicationFolders()].map((folder) => path.join(folder, 'tools'));

/** Beside the sources in a checkout, beside `dist/` when built. */
function samplesFolder(): string {
  const candidates = applicationFolders().map((folder) => path.join(outsideArchive(folder), 'migrations-samples'));
  return candidates.find((folder) => existsSync(folder)) ?? path.join(import.meta.dirname, 'migrations-samples');
}

/** The one above the bundles or the sources; of a packaged application also the one that holds its archive. */
const applicationFolders = (): string[] => [
  path.join(import.meta.dirname, '..'),
  path.join(import.meta.dirname, '..', '..'),
];
