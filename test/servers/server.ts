// Starts a server in its temporary folder, waits until it answers, and gives the test the means to kill it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Certificates, createCertificates } from './certificates.ts';
import { type Client, connectionUrl, openServer, randomPassword } from './client.ts';
import { ServerFolder } from './folder.ts';
import { identity, serverEnvironment } from './identity.ts';
import type { PrivateServer, ServerDescription } from './model.ts';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 45_000;
const POLL_MS = 30;

/** The port was taken between choosing and binding it, or processes of a killed server still hold its memory or files. */
const PASSING_FAILURE = /address already in use|is still in use|another process with (pid|process id)|unable to lock/i;

/** How one kind of server is set up and run. */
export interface Recipe extends Pick<ServerDescription, 'kind' | 'superuser' | 'programs'> {
  readonly client: Client;
  readonly stopSignal: 'QUIT' | 'KILL';
  /** Creates the data in `folder` with the superuser; returns the server's program. */
  initialise(folder: string): Promise<string>;
  arguments(folder: string, port: number, certificates: Certificates): readonly string[];
  socket(folder: string): string;
}

export const newSuperuser = (user: string) => ({
  user,
  password: randomPassword(),
});

export async function startServer(recipe: Recipe): Promise<PrivateServer> {
  const folder = await ServerFolder.create(recipe.kind, recipe.stopSignal);
  try {
    return await startIn(folder, recipe);
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function startIn(folder: ServerFolder, recipe: Recipe): Promise<PrivateServer> {
  const { kind, superuser, programs, client } = recipe;
  const certificates = await createCertificates(folder.path);
  const program = await recipe.initialise(folder.path);
  const description = (port: number, pid: number): ServerDescription => ({
    kind,
    host: HOST,
    port,
    pid,
    socket: recipe.socket(folder.path),
    superuser,
    programs,
    tls: { caFile: certificates.caFile, host: certificates.host },
  });
  const launch = async (choosePort: () => Promise<number>): Promise<RunningServer> => {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      const port = await choosePort();
      const child = await launchProcess(program, recipe.arguments(folder.path, port, certificates), folder);
      const server = description(port, child.pid);
      const answers = () => client.query(connectionUrl(client, server), 'SELECT 1');
      if (await untilAnswering(child, folder, answers, deadline)) return { child, server };
    }
  };

  let running = await launch(freePort);
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    const ended = exited(running.child);
    running.child.kill(signal);
    await ended;
  };
  const start = async () => {
    const { port } = running.server;
    running = await launch(async () => port);
  };
  const stop = async () => {
    await folder.remove();
    await exited(running.child);
  };
  return {
    ...openServer(client, running.server),
    get pid() {
      return running.server.pid;
    },
    folder: folder.path,
    kill,
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

type Process = ChildProcess & { readonly pid: number };

interface RunningServer {
  readonly child: Process;
  readonly server: ServerDescription;
}

async function launchProcess(program: string, args: readonly string[], folder: ServerFolder): Promise<Process> {
  const log = openSync(logFile(folder), 'w');
  const child = spawn(program, args, {
    ...identity,
    cwd: folder.path,
    env: serverEnvironment(folder.path),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await once(child, 'spawn');
  if (!hasPid(child)) throw new Error(`${program} has no process id`);
  folder.watch(child.pid);
  child.once('exit', () => folder.watch(undefined));
  child.unref();
  return child;
}

const hasPid = (child: ChildProcess): child is Process => child.pid !== undefined;

/** True when the server answers; false when it ended for a reason that a new attempt can get over. */
async function untilAnswering(
  child: ChildProcess,
  folder: ServerFolder,
  answers: () => Promise<unknown>,
  deadline: number,
): Promise<boolean> {
  let failure: unknown;
  while (Date.now() < deadline) {
    if (hasExited(child)) {
      const log = await readFile(logFile(folder), 'utf8');
      if (!PASSING_FAILURE.test(log)) throw new Error(`${child.spawnfile} ended while starting:\n${log.slice(-4000)}`);
      await delay(POLL_MS);
      return false;
    }
    try {
      await answers();
      return true;
    } catch (error) {
      failure = error;
      await delay(POLL_MS);
    }
  }
  throw new Error(`${child.spawnfile} did not answer in ${START_TIMEOUT_MS / 1000} s`, {
    cause: failure,
  });
}

const logFile = (folder: ServerFolder): string => join(folder.path, 'server.log');

const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function exited(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return;
  child.ref();
  await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}
