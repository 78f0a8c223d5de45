/** Writes into the audit log what whoever uses this backend has just done. */
import type { AuditEntry } from '../workspace/audit.ts';
import type { Context } from './context.ts';

/** @throws {ProblemError} `workspace.unwritable`, `workspace.damaged` */
export const recordAudit = (context: Context, done: Done): void =>
  context.workspace.audit.append(entryOf(context, done));

/** The same of a run, whose beginning and end wait for the disk. @throws {ProblemError} likewise */
export const noteAudit = (context: Context, done: Done): void => context.workspace.audit.note(entryOf(context, done));

type Done = Omit<AuditEntry, 'at' | 'actor'>;

const entryOf = ({ clock, host }: Context, done: Done): AuditEntry => ({
  at: new Date(clock.now()).toISOString(),
  actor: host.user,
  ...done,
});
