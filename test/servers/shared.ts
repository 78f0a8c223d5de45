// The servers that all test files of one vitest run share; the run's main process (test/setup/servers.ts) owns them.

import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { openServer } from './client.ts';
import { embeddedPostgresMissing } from './embedded.ts';
import { mariadbClient } from './mariadb.ts';
import type { ServerDescription, ServerKind, TestServer } from './model.ts';
import { postgresClient } from './postgres.ts';
import { findProgram } from './programs.ts';

/** Environment variable with the Unix socket at which the main process gives out servers. */
export const SERVERS_SOCKET = 'LOCKKEEPER_TEST_SERVERS';

/** What the main process answers to the name of a server. */
export type ServerAnswer = { readonly server: ServerDescription } | { readonly failure: string };

/** The run's server of this kind; started by whoever asks first. */
export async function shared(kind: ServerKind): Promise<TestServer> {
  const path = process.env[SERVERS_SOCKET];
  if (path === undefined) throw new Error('shared servers exist in a vitest run only; elsewhere start a private one');
  const answer: ServerAnswer = JSON.parse(await text(connect(path).end(kind)));
  if ('failure' in answer) throw new Error(`${kind} did not start: ${answer.failure}`);
  return openServer(kind === 'mariadb' ? mariadbClient : postgresClient, answer.server);
}

export const postgres15 = (): Promise<TestServer> => shared('postgres15');
export const postgres18 = (): Promise<TestServer> => shared('postgres18');
export const mariadb = (): Promise<TestServer> => shared('mariadb');

/** Why this machine cannot run such a server; undefined when it can. */
export function unavailable(kind: ServerKind): string | undefined {
  if (kind === 'postgres18') return embeddedPostgresMissing();
  const program = kind === 'mariadb' ? 'mariadbd' : 'postgres';
  return findProgram(program) === undefined ? `${program} is not installed` : undefined;
}
