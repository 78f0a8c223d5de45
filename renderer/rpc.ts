/** The typed client of the contract, over Electron's port or over HTTP. */
import { createORPCClient } from '@orpc/client';
import { RPCLink as HttpLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../shared/contract/index.ts';
import { BackendLost } from './problem.ts';
import { sessionToken } from './session.ts';

export type Backend = ContractRouterClient<Contract>;

declare global {
  interface Window {
    /** Set by the preload script; absent in a browser. */
    readonly lockkeeperShell?: 'electron';
  }
}

export const inElectron = (): boolean => window.lockkeeperShell === 'electron';

/**
 * Reaches the backend of whichever shell this page runs in.
 * @param onLost called once when the transport cannot come back by itself.
 */
export const openBackend = (onLost: () => void): Promise<Backend> =>
  inElectron() ? openPort(onLost) : openHttp(onLost);

async function openPort(onLost: () => void): Promise<Backend> {
  const port = await receivePort();
  const closed = new Promise<never>((_, reject) => {
    port.addEventListener('close', () => {
      onLost();
      reject(new BackendLost());
    });
  });
  // Nobody may be waiting when it closes.
  closed.catch(() => undefined);
  // A call on a dead port would wait for ever.
  const link = new PortLink({ port, interceptors: [({ next }) => Promise.race([next(), closed])] });
  port.start();
  return createORPCClient<Backend>(link);
}

/** Asks the preload script for this window's one port. */
function receivePort(): Promise<MessagePort> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent<unknown>): void => {
      const [port] = event.ports;
      if (event.source !== window || port === undefined || messageType(event.data) !== 'lockkeeper:port') return;
      window.removeEventListener('message', listen);
      resolve(port);
    };
    window.addEventListener('message', listen);
    window.postMessage({ type: 'lockkeeper:hello' }, window.location.origin);
  });
}

export function messageType(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('type' in data)) return null;
  return typeof data.type === 'string' ? data.type : null;
}

async function openHttp(onLost: () => void): Promise<Backend> {
  const token = await sessionToken();
  if (token === null) throw new BackendLost();
  const link = new HttpLink({
    url: `${window.location.origin}/rpc`,
    headers: { authorization: `Bearer ${token}` },
    fetch: async (request, init) => {
      const response = await globalThis.fetch(request, init);
      if (response.status === 401) {
        onLost();
        throw new BackendLost();
      }
      return response;
    },
  });
  return createORPCClient<Backend>(link);
}
