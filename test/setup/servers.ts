// Vitest's global setup: owns the shared servers, starts each when a test file first asks for it, ends all at the end.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startMariadb } from '../servers/mariadb.ts';
import type { PrivateServer, ServerKind } from '../servers/model.ts';
import { startPostgres } from '../servers/postgres.ts';
import { SERVERS_SOCKET, type ServerAnswer } from '../servers/shared.ts';

const STARTERS: Readonly<Record<ServerKind, () => Promise<PrivateServer>>> = {
  postgres15: () => startPostgres({ version: 15 }),
  postgres18: () => startPostgres({ version: 18 }),
  mariadb: startMariadb,
};

const started = new Map<ServerKind, Promise<PrivateServer>>();

export default async function setup(): Promise<() => Promise<void>> {
  // The answers hold superusers' passwords: the folder is this user's alone.
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-servers-'));
  const path = join(folder, 'socket');
  const desk = createServer({ allowHalfOpen: true }, async (client) => {
    client.end(JSON.stringify(await answer(await text(client))));
  });
  desk.listen(path);
  await once(desk, 'listening');
  process.env[SERVERS_SOCKET] = path;

  return async () => {
    desk.close();
    await Promise.allSettled([...started.values()].map(async (server) => (await server).stop()));
    await rm(folder, { recursive: true });
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

const isServerKind = (kind: string): kind is ServerKind => Object.hasOwn(STARTERS, kind);
