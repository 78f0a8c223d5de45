// Vitest's global setup: owns the shared servers, starts each when a test file first asks for it, ends all at the end.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ServerFolder } from '../servers/folder.ts';
import { startMariadb } from '../servers/mariadb.ts';
import type { PrivateServer, ServerKind } from '../servers/model.ts';
import { startPostgres } from '../servers/postgres.ts';
import { SERVERS_SOCKET, type ServerAnswer } from '../servers/shared.ts';
import { ASK_LEFTOVERS, leftoversOn } from './leftovers.ts';

const STARTERS: Readonly<Record<ServerKind, () => Promise<PrivateServer>>> = {
  postgres15: () => startPostgres({ version: 15 }),
  postgres18: () => startPostgres({ version: 18 }),
  mariadb: startMariadb,
};

const started = new Map<ServerKind, Promise<PrivateServer>>();

export default async function setup(): Promise<() => Promise<void>> {
  const folder = await ServerFolder.create('desk', 'KILL');
  const path = join(folder.path, 'socket');
  const desk = createServer({ allowHalfOpen: true }, async (client) => {
    // The test process that asked may have ended meanwhile: nobody to tell then.
    client.on('error', () => client.destroy());
    const asked = await text(client);
    client.end(JSON.stringify(asked === ASK_LEFTOVERS ? await leftovers() : await answer(asked)));
  });
  desk.listen(path);
  await once(desk, 'listening');
  process.env[SERVERS_SOCKET] = path;

  return async () => {
    desk.close();
    await Promise.allSettled([...started.values()].map(async (server) => (await server).stop()));
    await folder.remove();
  };
}

async function answer(kind: string): Promise<ServerAnswer> {
  try {
    if (!isServerKind(kind)) throw new Error(`there is no server called ${kind}`);
    const starting = started.get(kind) ?? STARTERS[kind]();
    started.set(kind, starting);
    return { server: await starting };
  } catch (error) {
    return { failure: String(error) };
  }
}

/** A server that a test has broken tells nothing, which is told, too. */
async function leftovers(): Promise<string[]> {
  const asked = [...started].map(async ([kind, server]) => leftoversOn(kind, await server));
  const told = await Promise.allSettled(asked);
  return told.flatMap((one) => (one.status === 'fulfilled' ? one.value : [`not known: ${String(one.reason)}`]));
}

const isServerKind = (kind: string): kind is ServerKind => Object.hasOwn(STARTERS, kind);
