/** Writes down the key of an SSH server as known, after a person has compared its fingerprint. */
import type { Connection } from '../../shared/model/environment.ts';
import { raise } from '../../shared/problem.ts';
import { readHostKey, rememberHostKey } from '../tunnels/hostKey.ts';
import type { Context } from './context.ts';
import { asProblem } from './problems.ts';
import { recordAudit } from './recordAudit.ts';

/** Returns the file it was added to. @throws {ProblemError} `connect.hostKeyChanged` when the server shows another one now */
export async function trustHostKey(
  context: Context,
  { connection, fingerprint }: { readonly connection: Connection; readonly fingerprint: string },
): Promise<{ file: string }> {
  if (connection.engine === 'sqlite' || connection.ssh === undefined)
    return raise({ code: 'usage.invalid', message: 'The connection has no SSH tunnel.', hint: 'Nothing needs trust.' });
  const { ssh } = connection;
  try {
    const key = await readHostKey(ssh);
    if (key.fingerprint !== fingerprint)
      raise({
        code: 'connect.hostKeyChanged',
        message: `The SSH server ${ssh.host} shows the key ${key.fingerprint}, not the one that was compared.`,
        hint: 'Ask its administrator for the fingerprint, and test the connection again.',
      });
    const file = await rememberHostKey(ssh, key);
    recordAudit(context, {
      action: 'SSH host key trusted',
      environment: null,
      run: null,
      detail: { host: ssh.host, kind: key.kind, fingerprint, file },
    });
    return { file };
  } catch (thrown) {
    throw asProblem(thrown, connection);
  }
}
