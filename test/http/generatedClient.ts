/** A client as a user of the API would make one: generated from the document that a server hands out. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Oazapfts from '@oazapfts/runtime';
import { generateSource } from 'oazapfts';
import { expect } from 'vitest';
import type { RestServer } from './restServer.ts';

interface Answered {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}
type Operation = (...args: readonly unknown[]) => Promise<Answered>;

export interface GeneratedClient {
  /** Calls an operation by the name that the document has for it. */
  call(operation: string, ...args: readonly unknown[]): Promise<Answered>;
}

/** Made once of a server; each token gets a client of its own. */
export async function generateClient(server: RestServer): Promise<(secret: string) => Promise<GeneratedClient>> {
  const document: unknown = await (await server.get('/api/openapi.json')).json();
  const file = path.join(server.test.folder, 'openapi.json');
  await writeFile(file, JSON.stringify(document));
  // Beside no node_modules of its own, it must be told where its runtime is.
  const runtime = pathToFileURL(path.resolve('node_modules/@oazapfts/runtime')).href;
  const generated = await generateSource(file);
  const source = generated
    .replaceAll('"@oazapfts/runtime"', `"${runtime}/index.js"`)
    .replaceAll('"@oazapfts/runtime/query"', `"${runtime}/query.js"`);
  let made = 0;
  return async (secret) => {
    made += 1;
    const module = path.join(server.test.folder, `client${made}.ts`);
    await writeFile(module, source);
    const client = (await import(/* @vite-ignore */ pathToFileURL(module).href)) as Record<string, Operation> & {
      defaults: Oazapfts.Defaults<Oazapfts.CustomHeaders>;
    };
    client.defaults.baseUrl = `${server.origin}/api`;
    client.defaults.headers = { authorization: `Bearer ${secret}` };
    return {
      call(operation, ...args) {
        const found = client[operation];
        expect(found, `the client has ${operation}`).toBeTypeOf('function');
        return found === undefined ? Promise.reject(new Error(operation)) : found(...args);
      },
    };
  };
}
