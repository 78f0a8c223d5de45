/** The contract's client, as the page uses it: for what a test needs to have happened before a person looks. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import type { Contract } from '../../shared/contract/index.ts';
import type { AppServer } from './app.ts';

export type Client = ContractRouterClient<Contract>;

/** Uses up the server's one-time address. */
export async function signIn({ address }: Pick<AppServer, 'address'>): Promise<Client> {
  const { origin, hash } = new URL(address);
  const response = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: hash.slice('#token='.length) }),
  });
  const { session } = z.object({ session: z.string() }).parse(await response.json());
  return clientWith(origin, session);
}

/** In the session of a page that is signed in. */
export async function clientOf(page: Page): Promise<Client> {
  const stored = await page.waitForFunction(() => window.sessionStorage.getItem('lockkeeper.session'));
  return clientWith(new URL(page.url()).origin, z.string().parse(await stored.jsonValue()));
}

const clientWith = (origin: string, session: string): Client =>
  createORPCClient(new RPCLink({ url: `${origin}/rpc`, headers: { authorization: `Bearer ${session}` } }));
