/** Writes into the audit log what whoever uses this backend has just done. */
import type { AuditEntry } from '../workspace/audit.ts';
import type { Context } from './context.ts';

/** @throws {ProblemError} `workspace.unwritable`, `workspace.damaged` */
export const recordAudit = ({ workspace, clock, host }: Context, done: Omit<AuditEntry, 'at' | 'actor'>): void =>
  workspace.audit.append({ at: new Date(clock.now()).toISOString(), actor: host.user, ...done });
