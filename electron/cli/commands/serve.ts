import { exitCodes, raise } from '../../../shared/problem.ts';
import type { ServedApi } from '../../http/serve.ts';
import { report } from '../../rpc/report.ts';
import type { Define } from '../invocation.ts';

interface Options {
  readonly port?: number;
  readonly open?: boolean;
  readonly api?: boolean;
  readonly listen?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly allowHost: readonly string[];
  readonly metricsOpen?: boolean;
}

export const serveCommand: Define = (program, bind) => {
  const command = program
    .command('serve')
    .description('the interface in a browser, and a REST API')
    .option('--port <port>', 'port (default: any free one)', port)
    .option('--open', 'open the default browser')
    .option('--api', 'the REST API, too; its tokens come from: lockkeeper token create')
    .option('--listen <address>', 'with --api: the API alone, at this IP address; beyond loopback only with TLS')
    .option('--tls-cert <file>', 'with --listen: certificate, PEM')
    .option('--tls-key <file>', 'with --listen: its key, PEM')
    .option('--allow-host <host>', 'with --listen: a further Host, of a proxy for example; repeatable', more, [])
    .option('--metrics-open', 'with --api: /metrics without a token');
  bind(command, async ({ backend, terminal }) => {
    const options = command.opts<Options>();
    const api = apiFrom(options);
    const { serve } = await import('../../http/serve.ts');
    const opened = await backend();
    await opened.context.workspace.settings.prepare(true);
    await opened.beforeOpening(terminal.note);
    opened.afterOpening(terminal.note).catch(report);
    await serve(opened, {
      port: options.port ?? 0,
      open: options.open === true,
      api,
      say: terminal.note,
      announce: terminal.print,
    });
    return exitCodes.done;
  });
};

function apiFrom({ api, listen, tlsCert, tlsKey, allowHost, metricsOpen, open }: Options): ServedApi | null {
  const unused = (message: string) => raise({ code: 'usage.invalid', message, hint: 'See: lockkeeper serve --help' });
  if (api !== true)
    return listen === undefined && metricsOpen !== true ? null : unused('--listen and --metrics-open are for --api.');
  if (listen === undefined)
    return tlsCert === undefined && tlsKey === undefined && allowHost.length === 0
      ? { metricsOpen: metricsOpen === true, alone: null }
      : unused('--tls-cert, --tls-key and --allow-host are for --listen.');
  if ((tlsCert === undefined) !== (tlsKey === undefined)) return unused('TLS needs both: --tls-cert and --tls-key.');
  if (open === true) return unused('With --listen there is no interface to open.');
  const tls = tlsCert === undefined || tlsKey === undefined ? null : { certificate: tlsCert, key: tlsKey };
  return { metricsOpen: metricsOpen === true, alone: { address: listen, tls, hosts: allowHost } };
}

const more = (host: string, before: readonly string[]): readonly string[] => [...before, host];

function port(text: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= 0 && value <= 65_535
    ? value
    : raise({
        code: 'usage.invalid',
        message: `“${text}” is not a port.`,
        hint: 'Give a number from 1 to 65535, or 0 for any free one.',
      });
}
