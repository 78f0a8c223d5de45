// What PostgreSQL and the connection to it say, as faults.
import pg from 'pg';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { type FaultKind, ServerFault } from '../../engine/ports.ts';
import { isLost, nodeErrorCode, tlsReason, unreachableReason } from '../common/socketFault.ts';
import { supersededConstraint } from './journalTables.ts';
import { remedyFor } from './remedy.ts';

/** SQLSTATE to kind; https://www.postgresql.org/docs/current/errcodes-appendix.html */
const kinds: Readonly<Record<string, FaultKind>> = {
  '25006': 'readOnly',
  '42501': 'rights',
  '42P01': 'noSuchTable',
  '53100': 'diskFull',
  '53300': 'tooManyConnections',
  '55P03': 'lockTimeout',
  '57014': 'cancelled',
  '08006': 'connectionLost',
  // These end the session: whatever was not acknowledged is unknown.
  '25P03': 'connectionLost',
  '25P04': 'connectionLost',
  '57P01': 'connectionLost',
  '57P02': 'connectionLost',
  '57P03': 'connectionLost',
  '57P04': 'connectionLost',
  '57P05': 'connectionLost',
};

const connectingKinds: Readonly<Record<string, FaultKind>> = {
  '28000': 'authentication',
  '28P01': 'authentication',
  '3D000': 'noDatabase',
  '42501': 'authentication',
  '53300': 'tooManyConnections',
};

/** A fault of a session that was open. `cancelRequested`: this session asked to be cancelled. */
export function sessionFault(
  error: unknown,
  about: { position?: number | null; cancelRequested?: boolean } = {},
): ServerFault {
  if (error instanceof ServerFault) return error;
  if (!(error instanceof pg.DatabaseError)) return socketFault(error);
  const code = error.code ?? null;
  return new ServerFault(kindOf(error, about.cancelRequested ?? false), error.message, {
    code,
    position: about.position ?? null,
    detail: detailOf(error),
    remedy: remedyOf(error),
    cause: error,
  });
}

function kindOf(error: pg.DatabaseError, cancelRequested: boolean): FaultKind {
  const code = error.code ?? '';
  if (error.constraint === supersededConstraint) return 'lockLost';
  // One code for a user's cancel and for statement_timeout; only the words differ.
  if (code === '57014' && !cancelRequested && /timeout/i.test(error.message)) return 'timeout';
  return kinds[code] ?? 'statement';
}

/** A missing right; an extension that the server lacks; a role that it lacks. */
const curable: ReadonlySet<string | undefined> = new Set(['42501', '0A000', '42704']);

const remedyOf = ({ code, message }: pg.DatabaseError): string | null =>
  curable.has(code) ? remedyFor(message) : null;

const detailOf = ({ detail, hint, where }: pg.DatabaseError): string | null =>
  [detail, hint, where].filter((part) => part !== undefined && part !== '').join('\n') || null;

function socketFault(error: unknown): ServerFault {
  const code = nodeErrorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  // The client's own words when the connection ended under it; it gives them no code.
  if (isLost(code) || /^Connection terminated|is not queryable$/.test(message)) {
    return new ServerFault('connectionLost', 'The connection to the server was lost.', {
      code,
      detail: message,
      cause: error,
    });
  }
  return new ServerFault('statement', message, { code, cause: error });
}

/** A fault of connecting. */
export function connectFault(error: unknown, connection: NetworkConnection): ServerFault {
  if (error instanceof ServerFault) return error;
  const place = connection.host.startsWith('/') ? connection.host : `${connection.host}:${connection.port}`;
  if (error instanceof pg.DatabaseError) return refusal(error, place);
  const code = nodeErrorCode(error);
  const words = error instanceof Error ? error.message : String(error);
  const about = { code, detail: words, cause: error };
  const untrusted = tlsReason(code);
  if (untrusted !== null)
    return new ServerFault('tls', `The server at ${place} could not be verified: ${untrusted}.`, about);
  if (noTls(error)) return new ServerFault('tls', `The server at ${place} offers no TLS.`, about);
  if (words.includes('SASL') || words.includes('SCRAM')) return authenticationFault(words, place, error);
  const reason = unreachableReason(code);
  if (reason !== null)
    return new ServerFault('unreachable', `The server at ${place} could not be reached: ${reason}.`, about);
  // The client's words for its own two timeouts, while connecting and while asking.
  if (words === 'timeout expired' || words === 'Query read timeout')
    return new ServerFault('unreachable', `The server at ${place} did not answer in time.`, about);
  return new ServerFault('unreachable', `The connection to ${place} ended before it was open.`, about);
}

/** The client's words for a server that answered its request for TLS with "no". */
export const noTls = (error: unknown): boolean =>
  error instanceof Error && error.message === 'The server does not support SSL connections';

function authenticationFault(words: string, place: string, cause: unknown): ServerFault {
  const missing = words.includes('non-empty');
  const message = missing
    ? `The server at ${place} asks for a password.`
    : `The server at ${place} could not prove that it knows the password.`;
  return new ServerFault('authentication', message, { cause });
}

function refusal(error: pg.DatabaseError, place: string): ServerFault {
  const code = error.code ?? '';
  const about = { code, detail: detailOf(error), remedy: remedyOf(error), cause: error };
  // PgBouncer: "unsupported startup parameter: options"; PostgreSQL itself knows that parameter.
  if (code.startsWith('08') && error.message.includes('startup parameter')) return poolerFault(place, about);
  const kind = connectingKinds[code] ?? (code.startsWith('08') ? 'unreachable' : (kinds[code] ?? 'unreachable'));
  return new ServerFault(kind === 'connectionLost' ? 'unreachable' : kind, error.message, about);
}

export function poolerFault(
  place: string,
  about: { code?: string | null; detail?: string | null; cause?: unknown } = {},
): ServerFault {
  const message = `A connection pooler answers at ${place}: locks and settings would not stay with this session. Give the address of the server itself.`;
  return new ServerFault('pooler', message, about);
}
