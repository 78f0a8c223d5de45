/** SQLite's result codes as faults. */
import type { FaultKind } from '../../engine/ports.ts';
import { ServerFault } from '../../engine/ports.ts';
import type { FaultData } from './protocol.ts';

/** Of the journal (journal.ts): refuses the rows of a run after a newer one has begun on the same history table. */
export const supersededConstraint = 'run_was_superseded';

/** By primary result code, the name up to its second underscore: sqlite.org/rescode.html. */
const kinds: Readonly<Record<string, FaultKind>> = {
  SQLITE_BUSY: 'lockTimeout',
  SQLITE_LOCKED: 'lockTimeout',
  SQLITE_READONLY: 'readOnly',
  SQLITE_FULL: 'diskFull',
  SQLITE_INTERRUPT: 'cancelled',
  SQLITE_PERM: 'rights',
  SQLITE_AUTH: 'rights',
  SQLITE_CANTOPEN: 'rights',
  SQLITE_NOTADB: 'noDatabase',
};

/** While opening, these mean something else than inside a statement. */
const openingKinds: Readonly<Record<string, FaultKind>> = {
  SQLITE_CANTOPEN: 'unreachable',
  SQLITE_IOERR: 'unreachable',
  SQLITE_CORRUPT: 'unsupportedServer',
  SQLITE_ERROR: 'unsupportedServer',
};

const openingMessages: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'The file is not a SQLite database, or it is encrypted.',
  SQLITE_CORRUPT: 'The database file is damaged.',
  SQLITE_CANTOPEN: 'The database file, or a file SQLite needs beside it, cannot be opened.',
};

const primaryCode = (code: string): string => /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code;

interface SqliteFailure {
  readonly code: string;
  readonly message: string;
}

export function isSqliteFailure(thrown: unknown): thrown is Error & SqliteFailure {
  return (
    thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && thrown.code.startsWith('SQLITE_')
  );
}

/** The fault of a statement. What is no SQLite error (a statement that the library refuses) keeps its message. */
export function faultOf(thrown: unknown, about: { position?: number | null; detail?: string | null } = {}): FaultData {
  const position = about.position ?? null;
  const detail = about.detail ?? null;
  if (thrown instanceof ServerFault)
    return {
      kind: thrown.kind,
      message: thrown.message,
      code: thrown.code,
      position: thrown.position,
      detail: thrown.detail,
    };
  if (!isSqliteFailure(thrown))
    return {
      kind: 'statement',
      message: thrown instanceof Error ? thrown.message : String(thrown),
      code: null,
      position,
      detail,
    };
  const { code, message } = thrown;
  return { kind: kindOf(code, message), message, code, position, detail };
}

function kindOf(code: string, message: string): FaultKind {
  if (message.startsWith('no such table: ')) return 'noSuchTable';
  if (message.endsWith(supersededConstraint)) return 'lockLost';
  return kinds[primaryCode(code)] ?? 'statement';
}

/** The fault of opening a file. */
export function openingFaultOf(thrown: unknown): FaultData {
  const fault = faultOf(thrown);
  if (fault.code === null) return { ...fault, kind: thrown instanceof ServerFault ? fault.kind : 'unreachable' };
  const code = primaryCode(fault.code);
  const message = openingMessages[code];
  return {
    ...fault,
    kind: openingKinds[code] ?? fault.kind,
    message: message ?? fault.message,
    detail: message === undefined ? null : fault.message,
  };
}

export const faultFrom = (data: FaultData): ServerFault => new ServerFault(data.kind, data.message, data);
