/** A whole backend behind the REST API, at a free port of this computer. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ApiOptions, createApi } from '../../electron/http/api.ts';
import { type ApiServerOptions, startApiServer } from '../../electron/http/apiServer.ts';
import { createRest } from '../../electron/rpc/rest/index.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { parseConnection } from '../../electron/services/parseConnection.ts';
import { createToken, type TokenWanted } from '../../electron/services/tokens.ts';
import type { EnvironmentInput } from '../../shared/contract/inputs.ts';
import { type TestBackend, testBackend, writeFolder } from '../services/backend.ts';
import { environmentOf } from '../services/values.ts';

export interface RestServer extends AsyncDisposable {
  readonly test: TestBackend;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  /** A new token. */
  token(wanted?: Partial<TokenWanted>): string;
  /** With a token of an operator, unless headers name another. */
  get(path: string, headers?: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Response>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Sends exactly these lines and ends; resolves with the whole answer. */
  send(...lines: readonly string[]): Promise<string>;
  /** Adds a database with a folder of this. */
  add(url: string, files: Readonly<Record<string, string>>, values?: Partial<EnvironmentInput>): Promise<string>;
}

let made = 0;

export async function startRestServer(
  options: Partial<ApiOptions> & Pick<Partial<ApiServerOptions>, 'patience' | 'hosts'> = {},
): Promise<RestServer> {
  const test = await testBackend();
  const { context } = test.backend;
  const token = (wanted: Partial<TokenWanted> = {}): string => {
    made += 1;
    const name = `test ${made}`;
    return createToken(context, { name, role: 'operator', expiresInDays: 1, environments: [], ...wanted }).secret;
  };
  const { patience, hosts = [], ...api } = options;
  const server = await startApiServer({
    api: createApi({
      rest: createRest(context),
      metricsOpen: false,
      rate: { burst: 10_000, perMinute: 10_000 },
      ...api,
    }),
    ...{ address: '127.0.0.1', port: 0, tls: null, hosts },
    ...(patience === undefined ? {} : { patience }),
  });
  const { origin, port } = new URL(server.url);
  const usual = { authorization: `Bearer ${token()}` };
  return {
    test,
    origin,
    port: Number(port),
    token,
    get: (path, headers = {}, signal = new AbortController().signal) =>
      fetch(origin + path, { headers: { ...usual, ...headers }, signal }),
    post: (path, body, headers = {}) =>
      fetch(origin + path, {
        method: 'POST',
        headers: { ...usual, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    async send(...lines) {
      const socket = connect(Number(port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      return text(socket);
    },
    async add(url, files, values = {}) {
      const source = await writeFolder(test.folder, files);
      const { password } = parseConnection(url);
      const secret = password === null ? null : ({ password, keep: 'ask' } as const);
      return (await addEnvironment(context, { ...environmentOf(url, source), secret, ...values })).id;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

export const twoTables = {
  '20250101000001_patients.sql':
    '-- migrate:up\ncreate table patients (id integer primary key);\n-- migrate:down\ndrop table patients;\n',
  '20250101000002_visits.sql':
    '-- migrate:up\ncreate table visits (id integer primary key);\n-- migrate:down\ndrop table visits;\n',
};
