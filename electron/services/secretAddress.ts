/** A stored password belongs to the address it was given for: it is never sent to another one. */
import type { Connection, Environment } from '../../shared/model/environment.ts';
import { raise } from '../../shared/problem.ts';

/** @throws {ProblemError} `connect.secretMissing` when `connection` leads elsewhere and the environment has a stored password */
export function requireSameAddress(environment: Environment, connection: Connection): void {
  if (environment.credential.kind === 'none' || address(environment.connection) === address(connection)) return;
  raise({
    code: 'connect.secretMissing',
    message: `The stored password of ${environment.name} belongs to another address.`,
    hint: 'Enter the password for the new address.',
  });
}

function address(connection: Connection): string {
  if (connection.engine === 'sqlite') return 'sqlite';
  const { engine, host, port, ssh } = connection;
  // Beyond another SSH server the same name is another computer.
  const way = ssh === undefined ? '' : ` by ${ssh.user ?? ''}@${ssh.host.toLowerCase()}:${ssh.port ?? ''}`;
  return `${engine} ${host.toLowerCase()} ${port}${way}`;
}
