/** Connecting and catalogue faults told as Problems. Faults inside a run are told by `engine/failure.ts`. */
import type { Connection } from '../../shared/model/environment.ts';
import { nothingChanged, type Problem, type ProblemCode, ProblemError } from '../../shared/problem.ts';
import { askForRight } from '../engine/failure.ts';
import { type FaultKind, ServerFault } from '../engine/ports.ts';

/** Turns a fault met before anything was changed into a ProblemError; passes anything else on. */
export function asProblem(thrown: unknown, connection: Connection): unknown {
  return thrown instanceof ServerFault
    ? new ProblemError(connectionProblem(thrown, connection), { cause: thrown })
    : thrown;
}

export function connectionProblem(fault: ServerFault, connection: Connection): Problem {
  const { code, message, hint } = describe(fault.kind, where(connection), connection);
  return {
    code,
    message,
    hint: askForRight(fault, hint),
    state: nothingChanged,
    serverMessage: fault.detail === null ? fault.message : `${fault.message}\n${fault.detail}`,
  };
}

export const readOnlyHint = ({ engine }: Connection): string =>
  engine === 'sqlite'
    ? 'Give this account the right to write to the file and to its folder.'
    : 'Connect to the primary, or end the read-only mode of the server, the database, the account or the environment.';

const where = (connection: Connection): string =>
  connection.engine === 'sqlite' ? connection.file : `${connection.host}:${connection.port}`;

const sshPlace = (connection: Connection): string =>
  connection.engine === 'sqlite' ? '' : (connection.ssh?.host ?? '');

type Told = { readonly code: ProblemCode; readonly message: string; readonly hint: string };

function describe(kind: FaultKind, place: string, connection: Connection): Told {
  const user = connection.engine === 'sqlite' ? '' : connection.user;
  const database = connection.engine === 'sqlite' ? connection.file : connection.database;
  switch (kind) {
    case 'unreachable':
      return {
        code: 'connect.unreachable',
        message: `${place} cannot be reached.`,
        hint: 'Check host name, port, network and firewall, and that the server runs.',
      };
    case 'authentication':
      return {
        code: 'connect.authentication',
        message: `${place} refused the login of “${user}”.`,
        hint: 'Check user and password; the password can be entered again in the environment’s settings.',
      };
    case 'tls':
      return {
        code: 'connect.tls',
        message: `No trusted TLS connection to ${place} could be made.`,
        hint: 'Give the authority’s certificate file, or choose another TLS mode for this environment knowingly.',
      };
    case 'tunnel':
      return {
        code: 'connect.tunnel',
        message: `No SSH tunnel to ${place} could be opened.`,
        hint: 'Try the same with ssh in a terminal: the account, its key in the agent or the key file, and whether the server lets it forward.',
      };
    case 'hostKeyUnknown':
      return {
        code: 'connect.hostKeyUnknown',
        message: `The key of the SSH server ${sshPlace(connection)} is not known here.`,
        hint: 'Test the connection: it shows the key’s fingerprint, to be compared and trusted.',
      };
    case 'hostKeyChanged':
      return {
        code: 'connect.hostKeyChanged',
        message: `The SSH server ${sshPlace(connection)} shows another key than the one that is known: it may be somebody else.`,
        hint: 'Ask its administrator whether the key was changed; only then remove the old one: ssh-keygen -R.',
      };
    case 'noDatabase':
      return {
        code: 'connect.noDatabase',
        message: `There is no database “${database}” at ${place}.`,
        hint: 'Check the name; create the database first if it is new.',
      };
    case 'tooManyConnections':
      return {
        code: 'connect.tooManyConnections',
        message: `${place} has no free connection.`,
        hint: 'Close other sessions or raise the limit, then try again.',
      };
    case 'unsupportedServer':
      return {
        code: 'connect.unsupportedServer',
        message: `The server at ${place} is not one Lockkeeper supports.`,
        hint: 'PostgreSQL 12 or newer, MySQL 8, MariaDB 10.6 or newer, or SQLite 3 is needed, without a pooler in front.',
      };
    case 'pooler':
      return {
        code: 'connect.poolerInFront',
        message: `A connection pooler stands in front of ${place}: the lock would not stay with us.`,
        hint: 'Use the direct address of the server for migrations.',
      };
    case 'connectionLost':
      return {
        code: 'connect.unreachable',
        message: `The connection to ${place} was lost.`,
        hint: 'Check the network and the server, then try again.',
      };
    case 'readOnly':
      return {
        code: 'database.readOnly',
        message: `${database} is read-only.`,
        hint: readOnlyHint(connection),
      };
    case 'rights':
      return {
        code: 'database.rights',
        message: `“${user}” lacks a right on “${database}”.`,
        hint: 'Grant the right named by the server, or use another account.',
      };
    case 'lockTimeout':
      return {
        code: 'database.lockTimeout',
        message: `Something else holds a lock in “${database}”.`,
        hint: 'Wait for it or find the blocking session, then try again.',
      };
    case 'lockLost':
      return {
        code: 'lock.lost',
        message: `The lock on the history of “${database}” is not ours any more.`,
        hint: 'Look who migrates it now, and read the status before anything else.',
      };
    case 'timeout':
    case 'cancelled':
      return {
        code: 'database.timeout',
        message: `A question to “${database}” took too long or was ended on the server.`,
        hint: 'Try again when the server is less busy.',
      };
    case 'brokenReferences':
      return {
        code: 'database.brokenReferences',
        message: `Rows in “${database}” would refer to others that do not exist.`,
        hint: 'Correct the statements so that every row refers to one that exists.',
      };
    case 'rowsLost':
      return {
        code: 'database.rowsLost',
        message: `Rows in “${database}” would be gone that nothing deletes.`,
        hint: 'Correct the statements so that every row is kept.',
      };
    case 'diskFull':
      return {
        code: 'database.diskFull',
        message: `The disk of “${database}” is full.`,
        hint: 'Free space on the database server.',
      };
    case 'statement':
    case 'noSuchTable':
      return {
        code: 'database.historyTable',
        message: `“${database}” refused a question about its history.`,
        hint: 'Check that the history table belongs to the chosen tool.',
      };
  }
}
