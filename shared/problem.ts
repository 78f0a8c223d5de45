/**
 * A Problem is a failure told as data: it crosses every boundary (window, HTTP, command line)
 * unchanged, and always says what happened, what the database looks like now and what to do next.
 */
export interface Problem {
  /** Stable and documented; scripts depend on it. */
  readonly code: ProblemCode;
  /** What happened, in one sentence. */
  readonly message: string;
  /** The state of the database now, in one sentence. */
  readonly state: string;
  /** What to do next, in one sentence. */
  readonly hint: string;
  /** The file concerned, as the source names it. */
  readonly path?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in UTF-16 code units as editors count. */
  readonly column?: number;
  /** The server's or program's own words, untrusted and already redacted. */
  readonly serverMessage?: string;
}

/** Exit codes of the command line (cli.md), by kind of problem. */
export const exitCodes = {
  done: 0,
  runFailed: 1,
  usage: 2,
  pending: 3,
  verification: 4,
  locked: 5,
  connection: 6,
  refused: 7,
  unknownState: 8,
  cancelled: 130,
} as const;

/** Every problem code with its exit code. A new code is one line here. */
export const problemCodes = {
  // The source
  'source.unreadable': exitCodes.usage,
  'source.empty': exitCodes.usage,
  'source.unknownTool': exitCodes.usage,
  'source.ambiguousTool': exitCodes.usage,
  'source.duplicateVersion': exitCodes.usage,
  'source.unknownName': exitCodes.usage,
  'source.downWithoutUp': exitCodes.usage,
  'source.invalidMetadata': exitCodes.usage,
  'source.invalidSections': exitCodes.usage,
  'source.unsupported': exitCodes.usage,
  'source.order': exitCodes.usage,
  'source.noSuchVersion': exitCodes.usage,
  'source.exists': exitCodes.usage,
  'source.noHistory': exitCodes.usage,
  'source.otherHistory': exitCodes.usage,
  'source.dependency': exitCodes.usage,
  'compatibility.noSuchVersion': exitCodes.usage,
  // The script
  'script.notUtf8': exitCodes.usage,
  'script.syntax': exitCodes.usage,
  'script.clientCommand': exitCodes.usage,
  'script.unterminated': exitCodes.usage,
  'script.copyData': exitCodes.usage,
  'script.transactionControl': exitCodes.usage,
  'script.refusesTransaction': exitCodes.usage,
  'script.placeholderMissing': exitCodes.usage,
  'script.placeholderInvalid': exitCodes.usage,
  'script.directive': exitCodes.usage,
  'script.tooLarge': exitCodes.usage,
  'script.import': exitCodes.usage,
  'script.notSql': exitCodes.usage,
  'script.program': exitCodes.runFailed,
  // Planning
  'plan.stale': exitCodes.refused,
  'plan.outOfOrder': exitCodes.refused,
  'plan.changed': exitCodes.refused,
  'plan.missing': exitCodes.refused,
  'plan.failedEntry': exitCodes.refused,
  'plan.irreversible': exitCodes.refused,
  'plan.notRunnable': exitCodes.refused,
  'plan.drift': exitCodes.verification,
  'plan.dependency': exitCodes.usage,
  'plan.conflict': exitCodes.refused,
  'plan.nothingToDo': exitCodes.done,
  // The gate
  'gate.confirmation': exitCodes.refused,
  'gate.reason': exitCodes.refused,
  'gate.backupRequired': exitCodes.refused,
  'gate.hazard': exitCodes.refused,
  'gate.rehearsal': exitCodes.refused,
  'gate.unrehearsable': exitCodes.refused,
  'gate.tierRequired': exitCodes.refused,
  'policy.invalid': exitCodes.usage,
  'settings.locked': exitCodes.refused,
  'gate.readOnly': exitCodes.refused,
  'gate.frozen': exitCodes.refused,
  'gate.changeWindow': exitCodes.refused,
  'gate.forbiddenHazard': exitCodes.refused,
  'gate.approval': exitCodes.refused,
  'gate.role': exitCodes.refused,
  'role.wrongPassphrase': exitCodes.refused,
  'role.tooManyTries': exitCodes.refused,
  'role.noPassphrase': exitCodes.usage,
  'role.verifierMissing': exitCodes.refused,
  'gate.trust': exitCodes.refused,
  'gate.nonInteractive': exitCodes.refused,
  // Connecting
  'connect.unreachable': exitCodes.connection,
  'connect.authentication': exitCodes.connection,
  'connect.tls': exitCodes.connection,
  'connect.tunnel': exitCodes.connection,
  'connect.hostKeyUnknown': exitCodes.connection,
  'connect.hostKeyChanged': exitCodes.connection,
  'connect.noDatabase': exitCodes.connection,
  'connect.tooManyConnections': exitCodes.connection,
  'connect.secretMissing': exitCodes.refused,
  'connect.wrongDatabase': exitCodes.refused,
  'connect.poolerInFront': exitCodes.connection,
  'connect.unsupportedServer': exitCodes.connection,
  'connect.lost': exitCodes.unknownState,
  // The database
  'database.rights': exitCodes.runFailed,
  'database.readOnly': exitCodes.runFailed,
  'database.statementFailed': exitCodes.runFailed,
  'database.lockTimeout': exitCodes.runFailed,
  'database.timeout': exitCodes.runFailed,
  'database.rowCount': exitCodes.runFailed,
  'database.batchLimit': exitCodes.runFailed,
  'database.brokenReferences': exitCodes.runFailed,
  'database.rowsLost': exitCodes.runFailed,
  'database.diskFull': exitCodes.runFailed,
  'database.historyTable': exitCodes.usage,
  'lock.held': exitCodes.locked,
  'lock.lost': exitCodes.locked,
  // Big tables changed by another program
  'alter.program': exitCodes.runFailed,
  'alter.refused': exitCodes.refused,
  'alter.failed': exitCodes.runFailed,
  'alter.leftovers': exitCodes.unknownState,
  'lock.lease': exitCodes.done,
  'lock.impossible': exitCodes.refused,
  'activity.notFound': exitCodes.usage,
  'activity.noServer': exitCodes.usage,
  // Repairing and testing
  'adopt.unmapped': exitCodes.usage,
  'adopt.unsupported': exitCodes.usage,
  'adopt.unsettled': exitCodes.refused,
  'adopt.notEmpty': exitCodes.refused,
  'repair.unsupported': exitCodes.usage,
  'repair.notNeeded': exitCodes.usage,
  'repair.failed': exitCodes.runFailed,
  'test.refused': exitCodes.refused,
  'test.unequal': exitCodes.verification,
  'rehearsal.refused': exitCodes.refused,
  'rehearsal.noCopy': exitCodes.refused,
  'rehearsal.limit': exitCodes.refused,
  'rehearsal.notRestored': exitCodes.verification,
  'rehearsal.notFound': exitCodes.usage,
  // Runs
  'run.cancelled': exitCodes.cancelled,
  'run.unknown': exitCodes.unknownState,
  'run.notFound': exitCodes.usage,
  'run.verification': exitCodes.verification,
  'run.condition': exitCodes.runFailed,
  'run.internal': exitCodes.runFailed,
  // Fleets
  'fleet.empty': exitCodes.usage,
  'fleet.tenants': exitCodes.usage,
  'fleet.notFound': exitCodes.usage,
  'fleet.active': exitCodes.locked,
  'fleet.stopped': exitCodes.runFailed,
  'fleet.paused': exitCodes.refused,
  'fleet.interrupted': exitCodes.unknownState,
  // Schedules and hooks
  'schedule.invalid': exitCodes.usage,
  'schedule.notFound': exitCodes.usage,
  'schedule.missed': exitCodes.refused,
  'schedule.overlapped': exitCodes.refused,
  'schedule.rehearsal': exitCodes.refused,
  'hook.failed': exitCodes.refused,
  'hook.invalid': exitCodes.usage,
  'hook.notFound': exitCodes.usage,
  // Backups
  'backup.unsupported': exitCodes.refused,
  'backup.programMissing': exitCodes.runFailed,
  'backup.programTooOld': exitCodes.runFailed,
  'backup.programFailed': exitCodes.runFailed,
  'backup.incomplete': exitCodes.runFailed,
  'backup.rights': exitCodes.runFailed,
  'backup.diskFull': exitCodes.runFailed,
  'backup.damaged': exitCodes.verification,
  'backup.folder': exitCodes.usage,
  'backup.notFound': exitCodes.usage,
  'backup.changed': exitCodes.verification,
  'backup.keyMissing': exitCodes.refused,
  'backup.wrongKey': exitCodes.refused,
  'backup.cancelled': exitCodes.cancelled,
  'backup.notProven': exitCodes.verification,
  'backup.noContent': exitCodes.usage,
  'backup.notIsolated': exitCodes.refused,
  'backup.serverBusy': exitCodes.refused,
  // Restoring
  'restore.rights': exitCodes.refused,
  'restore.inUse': exitCodes.refused,
  'restore.unfit': exitCodes.usage,
  'restore.failed': exitCodes.runFailed,
  'restore.verification': exitCodes.verification,
  'restore.cancelled': exitCodes.cancelled,
  'restore.notUndoable': exitCodes.usage,
  'restore.unfinished': exitCodes.unknownState,
  // Bundles
  'bundle.damaged': exitCodes.verification,
  'bundle.signature': exitCodes.refused,
  'bundle.unsafe': exitCodes.refused,
  'bundle.newer': exitCodes.usage,
  'bundle.untrusted': exitCodes.refused,
  'bundle.unfit': exitCodes.refused,
  'bundle.notFound': exitCodes.usage,
  // Plans that somebody else has run
  'evidence.unknown': exitCodes.verification,
  'evidence.contradicted': exitCodes.verification,
  // The workspace and this computer
  'environment.notFound': exitCodes.usage,
  'environment.duplicate': exitCodes.usage,
  'environment.invalidUrl': exitCodes.usage,
  'keychain.unavailable': exitCodes.refused,
  'workspace.damaged': exitCodes.runFailed,
  'workspace.newer': exitCodes.runFailed,
  'workspace.unwritable': exitCodes.runFailed,
  'token.duplicate': exitCodes.usage,
  'token.notFound': exitCodes.usage,
  // The REST API
  'api.unauthenticated': exitCodes.refused,
  'api.refused': exitCodes.refused,
  'api.notFound': exitCodes.usage,
  'api.tooMany': exitCodes.refused,
  'api.tooLarge': exitCodes.usage,
  'api.idempotency': exitCodes.usage,
  'api.unanswered': exitCodes.unknownState,
  'api.timeout': exitCodes.unknownState,
  'usage.invalid': exitCodes.usage,
  'interface.disconnected': exitCodes.connection,
} as const satisfies Record<string, number>;

export type ProblemCode = keyof typeof problemCodes;

/** The state sentence of everything that fails before the database was touched. */
export const nothingChanged = 'Nothing was changed.';

/** A Problem on its way up the stack, inside one process. Boundaries turn it back into data. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.message, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Throws `problem`, with "nothing was changed" unless it says otherwise. */
export function raise(problem: Omit<Problem, 'state'> & { state?: string }, cause?: unknown): never {
  throw new ProblemError({ state: nothingChanged, ...problem }, { cause });
}

export const exitCodeOf = (problem: Problem): number => problemCodes[problem.code];

/** What was thrown, as a Problem. An unexpected error keeps its message as the server message. */
export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  return {
    code: 'run.internal',
    message: 'Lockkeeper itself failed unexpectedly.',
    state: 'Read the status again before going on: what was done before this is in the journal.',
    hint: 'Report this with the diagnostics; then run the status command.',
    serverMessage: thrown instanceof Error ? thrown.message : String(thrown),
  };
}

/** Closes a switch over a union: a new member becomes a type error here. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
