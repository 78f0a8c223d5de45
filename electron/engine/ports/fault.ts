// What can go wrong at a server, by kind.

interface FaultFacts {
  readonly code?: string | null;
  readonly position?: number | null;
  readonly detail?: string | null;
  readonly remedy?: string | null;
  readonly cause?: unknown;
}

/** What a server or the connection to it said. Services turn it into a Problem with place and state. */
export class ServerFault extends Error {
  readonly kind: FaultKind;
  /** SQLSTATE, errno or SQLite code, as text. */
  readonly code: string | null;
  /** 0-based offset in the SQL text sent (UTF-16 units) where the server pointed; null when it did not. */
  readonly position: number | null;
  /** DETAIL, HINT and context of the server, joined; untrusted. */
  readonly detail: string | null;
  /** What gives a missing right; completes "Ask an administrator to …". */
  readonly remedy: string | null;

  constructor(kind: FaultKind, message: string, about: FaultFacts = {}) {
    super(message, { cause: about.cause });
    this.name = 'ServerFault';
    this.kind = kind;
    this.code = about.code ?? null;
    this.position = about.position ?? null;
    this.detail = about.detail ?? null;
    this.remedy = about.remedy ?? null;
  }
}

export type FaultKind =
  | 'statement'
  | 'noSuchTable'
  | 'rights'
  | 'readOnly'
  | 'lockTimeout'
  | 'timeout'
  | 'cancelled'
  | 'diskFull'
  /** Rows refer to others that do not exist. */
  | 'brokenReferences'
  /** Rows would be gone that no statement deletes. */
  | 'rowsLost'
  /** The migration lock is not ours any more: another run has begun, or a statement freed it. */
  | 'lockLost'
  /** The connection is gone: whether the last message took effect is unknown. */
  | 'connectionLost'
  /** Connecting itself failed. */
  | 'unreachable'
  | 'authentication'
  /** The SSH server refused the login or the way on. */
  | 'tunnel'
  | 'hostKeyUnknown'
  | 'hostKeyChanged'
  | 'tls'
  | 'noDatabase'
  | 'tooManyConnections'
  | 'unsupportedServer'
  /** A proxy stands in front that does not keep one server session per connection. */
  | 'pooler';

/** A fault while sending units; every unit before `unit` completed, and `completed` was called for it. */
export class MessageFault extends Error {
  readonly unit: number;
  readonly fault: ServerFault;

  constructor(unit: number, fault: ServerFault) {
    super(fault.message, { cause: fault });
    this.name = 'MessageFault';
    this.unit = unit;
    this.fault = fault;
  }
}
