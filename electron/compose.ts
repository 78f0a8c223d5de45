/** Builds the whole backend from a data directory; used by the window, the command line, the server and the tests alike. */
import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { createAskEachSession } from './credentials/askEachSession.ts';
import { createKeychain } from './credentials/keychain.ts';
import type { Clock } from './engine/ports.ts';
import { createRouter, type Router } from './rpc/router.ts';
import { createChangeFeed } from './services/changeFeed.ts';
import type { Context, HostFacts } from './services/context.ts';
import { logger } from './services/logger.ts';
import { createRunRegistry } from './services/runRegistry.ts';
import { dataDirectory } from './workspace/dataDirectory.ts';
import { openWorkspace } from './workspace/workspace.ts';

export interface ComposeOptions {
  /** Default: the user's data folder, or LOCKKEEPER_HOME. */
  readonly dataDirectory?: string;
  readonly shell: HostFacts['shell'];
  readonly pickFolder?: () => Promise<string | null>;
}

export interface Backend {
  readonly context: Context;
  readonly router: Router;
  /** Cancels nothing: waits for no run. Call it when none is active. */
  close(): Promise<void>;
}

const clock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };

/** @throws {ProblemError} `workspace.*` */
export function compose(options: ComposeOptions): Backend {
  const workspace = openWorkspace(options.dataDirectory ?? dataDirectory());
  logger.toFile(path.join(workspace.dataDirectory, 'logs', 'lockkeeper.log'));
  const changes = createChangeFeed();
  const context: Context = {
    workspace,
    credentials: { keychain: createKeychain(), session: createAskEachSession() },
    runs: createRunRegistry(workspace, changes, clock),
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
    },
  };
  return {
    context,
    router: createRouter(context),
    close: () => workspace.close(),
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

/** Beside the sources in a checkout, beside `dist/` when built. */
function samplesFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const candidates = [path.join(here, '..', 'migrations-samples'), path.join(here, '..', '..', 'migrations-samples')];
  return candidates.find((folder) => existsSync(folder)) ?? path.join(here, 'migrations-samples');
}
