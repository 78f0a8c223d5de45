// What the server, mysql2 or the network say, as faults. Numbers: dev.mysql.com/doc/mysql-errors, mariadb.com/kb/en/mariadb-error-codes.
import type { FaultKind } from '../../engine/ports.ts';
import { ServerFault } from '../../engine/ports.ts';
import { isLost, nodeErrorCode, tlsReason, unreachableReason } from '../common/socketFault.ts';
import { remedyFor } from './remedy.ts';

const kinds: Readonly<Record<number, FaultKind>> = {
  1044: 'rights',
  1142: 'rights',
  1143: 'rights',
  1227: 'rights',
  1370: 'rights',
  1419: 'rights',
  1045: 'rights',
  1095: 'rights',
  1290: 'statement',
  1049: 'noSuchTable',
  1146: 'noSuchTable',
  1205: 'lockTimeout',
  1213: 'lockTimeout',
  3572: 'lockTimeout',
  1969: 'timeout',
  3024: 'timeout',
  1317: 'cancelled',
  1021: 'diskFull',
  1114: 'diskFull',
  1792: 'readOnly',
  1836: 'readOnly',
  1874: 'readOnly',
  1053: 'connectionLost',
  1927: 'connectionLost',
  2006: 'connectionLost',
  2013: 'connectionLost',
  4031: 'connectionLost',
};

/** While connecting, these mean something else than in a statement. */
const connectingKinds: Readonly<Record<number, FaultKind>> = {
  1044: 'authentication',
  1045: 'authentication',
  1130: 'authentication',
  1251: 'authentication',
  1524: 'authentication',
  1698: 'authentication',
  1820: 'authentication',
  1862: 'authentication',
  3118: 'authentication',
  3955: 'authentication',
  4151: 'authentication',
  1040: 'tooManyConnections',
  1203: 'tooManyConnections',
  1226: 'tooManyConnections',
  1049: 'noDatabase',
  1129: 'unreachable',
  1053: 'unreachable',
  1927: 'unreachable',
  3159: 'tls',
};

interface MysqlError {
  /** The server's error number; null for an error of the client. */
  readonly number: number | null;
  readonly code: string | null;
  readonly message: string;
  /** The connection cannot be used any more. */
  readonly fatal: boolean;
}

/** The fault of a message on an open connection. The library's error is not kept: it holds the whole SQL text. */
export function faultOf(error: unknown): ServerFault {
  const { number, code, message, fatal } = read(error);
  if (number === null)
    return fatal || isLost(code) ? connectionLost(error) : new ServerFault('statement', message, { code });
  return new ServerFault(kindOf(number, message), message, { code: String(number), remedy: remedyFor(message) });
}

function kindOf(number: number, message: string): FaultKind {
  // The number of 1290 tells only that some option forbids it; a full disk hides behind many numbers (errno 28).
  if (number === 1290 && /read.only/i.test(message)) return 'readOnly';
  if (/\b(?:Errcode|errno|error):? 28\b/i.test(message)) return 'diskFull';
  return kinds[number] ?? 'statement';
}

/** The connection ended. `error` is null when the server just closed it. */
export function connectionLost(error: unknown): ServerFault {
  if (error === null) return new ServerFault('connectionLost', 'The server closed the connection.');
  const { number, code, message } = read(error);
  return new ServerFault('connectionLost', message, { code: number === null ? code : String(number) });
}

/** The fault of an attempt to connect. */
export function connectingFault(error: unknown): ServerFault {
  if (error instanceof ServerFault)
    return error.kind === 'connectionLost'
      ? new ServerFault('unreachable', error.message, { code: error.code, cause: error })
      : error;
  const { number, code, message } = read(error);
  if (number !== null)
    return new ServerFault(connectingKinds[number] ?? 'unreachable', message, {
      code: String(number),
      remedy: remedyFor(message),
    });
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return new ServerFault('tls', 'The server does not offer TLS.', { code, cause: error });
  if (code === 'HANDSHAKE_SSL_ERROR' || tlsReason(code) !== null)
    return new ServerFault('tls', message, { code, cause: error });
  if (code === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED' || code === 'AUTH_SWITCH_PLUGIN_ERROR')
    return new ServerFault('authentication', message, { code, cause: error });
  const reason = unreachableReason(code);
  return new ServerFault('unreachable', reason === null ? message : `The server cannot be reached: ${reason}.`, {
    code,
    cause: error,
  });
}

function read(error: unknown): MysqlError {
  if (!(error instanceof Error)) return { number: null, code: null, message: String(error), fatal: true };
  const number = 'errno' in error && typeof error.errno === 'number' && error.errno > 0 ? error.errno : null;
  const code = nodeErrorCode(error);
  return {
    number,
    code,
    message: error.message || (code ?? error.name),
    fatal: 'fatal' in error && error.fatal === true,
  };
}
