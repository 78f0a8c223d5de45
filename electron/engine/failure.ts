/** A failed step told as a Problem: with place, state of the database and next step. */
import type { BatchCount } from '../../shared/model/directive.ts';
import type { Step } from '../../shared/model/plan.ts';
import type { Statement } from '../../shared/model/statement.ts';
import { type Problem, type ProblemCode, ProblemError } from '../../shared/problem.ts';
import { type FaultKind, ServerFault } from './ports.ts';
import type { StepFailure } from './stepFailure.ts';

export function describeFailure(failure: StepFailure, step: Step, cancelRequested: boolean): Problem {
  const state = stateAfter(failure, step);
  if (failure.cause instanceof ProblemError) return { path: step.script.path, ...failure.cause.problem, state };
  if (!(failure.cause instanceof ServerFault)) throw failure;
  const fault = failure.cause;
  const { code, hint } = describeKind(fault, step, cancelRequested);
  const detail = fault.detail === null ? '' : `\n${fault.detail}`;
  return {
    code,
    message: messageFor(fault.kind, step, failure.statement, cancelRequested),
    state,
    hint,
    path: step.script.path,
    ...placeOf(failure.statement, fault.position),
    serverMessage: `${fault.code === null ? '' : `${fault.code}: `}${fault.message}${detail}`,
  };
}

function stateAfter({ outcome, batch, statement }: StepFailure, step: Step): string {
  const told = stateOf(outcome, step);
  if (batch === null || statement === null) return told;
  return `${told} Of the batched statement at line ${statement.line}, ${countOf(batch)} are committed.`;
}

export const countOf = ({ batches, rows }: BatchCount): string =>
  `${batches} batch${batches === 1 ? '' : 'es'} with ${rows} row${rows === 1 ? '' : 's'}`;

function stateOf(outcome: StepFailure['outcome'], step: Step): string {
  switch (outcome) {
    case 'rolledBack':
      return `Everything of migration ${step.version} was rolled back; the migrations before it are complete.`;
    case 'failed':
      return `Part of migration ${step.version} may remain in the database: what ran before the failing statement was kept.`;
    case 'unknown':
      return `It is not known whether migration ${step.version} took effect; the journal tells what was begun.`;
  }
}

function messageFor(kind: FaultKind, step: Step, statement: Statement | null, cancelRequested: boolean): string {
  const what = `Migration ${step.version}`;
  if (kind === 'cancelled' && cancelRequested) return `${what} was cancelled.`;
  if (kind === 'connectionLost') return `The connection was lost while migration ${step.version} ran.`;
  if (kind === 'lockLost') return `${what} was stopped: the lock on this history is not ours any more.`;
  return statement === null ? `${what} could not be completed.` : `${what} failed at line ${statement.line}.`;
}

/** The next step after a missing right; `otherwise` where the server did not tell which one it is. */
export const askForRight = ({ remedy }: ServerFault, otherwise: string): string =>
  remedy === null ? otherwise : `Ask an administrator to ${remedy}, or use another account.`;

function describeKind(fault: ServerFault, step: Step, cancelRequested: boolean): { code: ProblemCode; hint: string } {
  switch (fault.kind) {
    case 'cancelled':
      return cancelRequested
        ? { code: 'run.cancelled', hint: 'Read the status; the same plan can be started again.' }
        : {
            code: 'database.statementFailed',
            hint: 'Somebody ended the statement on the server; ask who, then run again.',
          };
    case 'connectionLost':
      return {
        code: 'connect.lost',
        hint: 'Check the network and the server, then read the status before anything else.',
      };
    case 'lockLost':
      return {
        code: 'lock.lost',
        hint: 'Look who migrates this database now, and read the status before anything else.',
      };
    case 'lockTimeout':
      return {
        code: 'database.lockTimeout',
        hint: 'Another session holds a lock on the table: find it, let it finish, then run again.',
      };
    case 'timeout':
      return {
        code: 'database.timeout',
        hint: timeoutHint(step.migration.metadata.statementTimeoutMs),
      };
    case 'brokenReferences':
      return {
        code: 'database.brokenReferences',
        hint: 'Correct the migration so that every row refers to one that exists, then run again.',
      };
    case 'rowsLost':
      return {
        code: 'database.rowsLost',
        hint: 'Put PRAGMA foreign_keys = OFF at the head of the script and copy every row; if the rows are meant to go, accept that: --accept rowsLost, or a comment “-- lockkeeper:accept rowsLost why” before the statement.',
      };
    case 'diskFull':
      return { code: 'database.diskFull', hint: 'Free space on the database server, then run again.' };
    case 'readOnly':
      return {
        code: 'database.readOnly',
        hint: 'The server refuses writes: connect to the primary, or end its read-only mode.',
      };
    case 'rights':
      return {
        code: 'database.rights',
        hint: askForRight(
          fault,
          'Grant this account the right named by the server, or use an account that owns the objects.',
        ),
      };
    default:
      return { code: 'database.statementFailed', hint: statementHint(fault) };
  }
}

const statementHint = ({ remedy }: ServerFault): string =>
  remedy === null
    ? 'Correct the statement in the script, then run again.'
    : `Ask an administrator to ${remedy}, or take it out of the script; then run again.`;

const timeoutHint = (ownMs: number | undefined): string =>
  ownMs === undefined
    ? 'The server’s time limit ended the statement: raise it for this account, or split the work.'
    : `The migration allows each statement ${ownMs / 1000} s (“timeout” in its head): find out what it waits for, or allow more there.`;

/** Where in the file the server pointed; the statement's beginning when it did not. */
export function placeOf(statement: Statement | null, offset: number | null): { line?: number; column?: number } {
  if (statement === null) return {};
  if (offset === null) return { line: statement.line, column: statement.column };
  const { text, at } = asWritten(statement, offset);
  const before = text.slice(0, at);
  const lastBreak = before.lastIndexOf('\n');
  if (lastBreak === -1) return { line: statement.line, column: statement.column + before.length };
  return { line: statement.line + before.split('\n').length - 1, column: before.length - lastBreak };
}

/** An offset in what was sent as one in what its author wrote; in a value, that of its placeholder. */
function asWritten({ text, written }: Statement, offset: number): { text: string; at: number } {
  if (written === undefined) return { text, at: offset };
  let shift = 0;
  for (const one of written.inserted) {
    if (offset < one.at) break;
    if (offset < one.at + one.length) return { text: written.text, at: one.from };
    shift = one.to - (one.at + one.length);
  }
  return { text: written.text, at: offset + shift };
}
