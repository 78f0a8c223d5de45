/** The REST API alone, at an address of its own: beyond this computer only with TLS, and never with the interface. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { raise } from '../../shared/problem.ts';
import { report } from '../rpc/report.ts';
import type { Api } from './api.ts';
import { ownHosts } from './refusals.ts';
import { protectiveHeaders } from './rendererFiles.ts';
import { listen } from './server.ts';

export interface TlsFiles {
  /** Paths of PEM files. */
  readonly certificate: string;
  readonly key: string;
}

export interface ApiServerOptions {
  readonly api: Api;
  /** An IP address of this computer. */
  readonly address: string;
  readonly port: number;
  readonly tls: TlsFiles | null;
  /** Further values of `Host` that are ours, with their port if it is not the scheme's: those of a proxy. */
  readonly hosts: readonly string[];
  /** Milliseconds that a request's head and the whole of it may take; default: 10 and 30 seconds. */
  readonly patience?: { readonly headMs: number; readonly wholeMs: number; readonly checkMs: number };
}

const largestHead = 16 * 1024;

/** @throws {ProblemError} `usage.invalid`: beyond loopback without TLS, files that are none, a port that is taken */
export async function startApiServer(options: ApiServerOptions): Promise<{ url: string; close(): Promise<void> }> {
  const { api, address, port, tls, hosts, patience = { headMs: 10_000, wholeMs: 30_000, checkMs: 5_000 } } = options;
  requireSafe(address, tls);
  const limits = {
    headersTimeout: patience.headMs,
    requestTimeout: patience.wholeMs,
    connectionsCheckingInterval: patience.checkMs,
    keepAliveTimeout: 60_000,
    maxHeaderSize: largestHead,
  };
  let known: readonly string[] = [];
  const answer: RequestListener = (request, response) => {
    answerWith(api, request, response, known).catch((thrown: unknown) => {
      report(thrown);
      response.destroy();
    });
  };
  const files = tls === null ? null : readTls(tls);
  const server = files === null ? createServer(limits, answer) : createSecureServer({ ...limits, ...files }, answer);
  server.maxConnections = 256;
  const bound = await listen(server, port, address);
  known = [
    ...namesOf(address, files?.cert ?? null).flatMap((name) => hostsOf(name, bound)),
    ...ownHosts(bound),
    ...hosts,
  ].map((host) => host.toLowerCase());
  const shown = isIP(address) === 6 ? `[${address}]` : address;
  return {
    url: `${tls === null ? 'http' : 'https'}://${shown}:${bound}/api`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      api.close();
      await closed;
    },
  };
}

async function answerWith(api: Api, request: IncomingMessage, response: ServerResponse, hosts: readonly string[]) {
  for (const [name, value] of Object.entries(protectiveHeaders)) response.setHeader(name, value);
  await api.answer(request, response, request.url?.split('?', 1)[0] ?? '/', hosts);
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const isLoopback = (address: string): boolean => loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** A token that crosses a network in the clear is everybody's. */
function requireSafe(address: string, tls: TlsFiles | null): void {
  if (isIP(address) === 0)
    raise({
      code: 'usage.invalid',
      message: `“${address}” is not an IP address.`,
      hint: 'Give one of this computer’s, for example 127.0.0.1, or 0.0.0.0 for all of them.',
    });
  if (tls === null && !isLoopback(address))
    raise({
      code: 'usage.invalid',
      message: `The API is offered at ${address} only with TLS: tokens would cross the network in the clear.`,
      hint: 'Give --tls-cert and --tls-key, or listen at 127.0.0.1 behind a proxy that has them.',
    });
}

function readTls({ certificate, key }: TlsFiles): { cert: Buffer; key: Buffer; minVersion: 'TLSv1.2' } {
  try {
    const files = { cert: readFileSync(certificate), key: readFileSync(key), minVersion: 'TLSv1.2' as const };
    new X509Certificate(files.cert);
    return files;
  } catch (thrown) {
    return raise(
      {
        code: 'usage.invalid',
        message: `The certificate or its key cannot be read: ${String(thrown)}.`,
        hint: 'Give the paths of two PEM files: --tls-cert and --tls-key.',
      },
      thrown,
    );
  }
}

/** Those that the certificate is for. */
function namesOf(address: string, certificate: Buffer | null): string[] {
  const told = certificate === null ? '' : (new X509Certificate(certificate).subjectAltName ?? '');
  const names = [...told.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].flatMap((match) => match[1] ?? []);
  return [address, ...names];
}

const hostsOf = (name: string, port: number): string[] => {
  const shown = isIP(name) === 6 ? `[${name}]` : name;
  return [`${shown}:${port}`, ...(port === 443 ? [shown] : [])];
};
