/** The SSH server that an environment is reached through, as options and as a line. */
import path from 'node:path';
import type { Connection, SshTunnel } from '../../../shared/model/environment.ts';
import { raise } from '../../../shared/problem.ts';

export interface TunnelOptions {
  readonly ssh?: string;
  readonly sshKey?: string;
}

/** As the options say; where they say nothing of a tunnel it stays as it is. */
export function withTunnel(connection: Connection, { ssh: text, sshKey }: TunnelOptions): Connection {
  if (connection.engine === 'sqlite' || (text ?? sshKey) === undefined) return connection;
  const { ssh: before, ...direct } = connection;
  if (text === 'none') return direct;
  const tunnel = text === undefined ? before : readTunnel(text);
  if (tunnel === undefined)
    return raise({ code: 'usage.invalid', message: 'A key of which SSH server?', hint: 'Give --ssh user@host, too.' });
  return { ...direct, ssh: { ...tunnel, ...(sshKey === undefined ? {} : { keyFile: path.resolve(sshKey) }) } };
}

function readTunnel(text: string): SshTunnel {
  const [, user, bracketed, plainHost, port] =
    /^(?:([^@\s]+)@)?(?:\[([^\]\s]+)\]|([^:@\s]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plainHost;
  if (host === undefined || Number(port ?? 22) > 65_535)
    return raise({
      code: 'usage.invalid',
      message: 'The SSH server is not of the form user@host:port.',
      hint: 'For example: --ssh deploy@bastion.example.org',
    });
  return { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port: Number(port) }) };
}

/** In one line; empty: directly. */
export const throughOf = (connection: Connection): string => {
  if (connection.engine === 'sqlite' || connection.ssh === undefined) return '';
  const { user, host, port } = connection.ssh;
  return `SSH ${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}`;
};
