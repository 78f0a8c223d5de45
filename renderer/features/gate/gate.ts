/** What a gate asks of a person before a run, whatever the run does, and whether it was answered. */
import type { PlanView } from '../../../shared/contract/views.ts';
import { notRehearsed } from '../../../shared/model/rehearsal.ts';

export type Gate = PlanView['gate'];

export interface GateAnswers {
  readonly typed: string;
  readonly reason: string;
  /** Hazard codes. */
  readonly accepted: ReadonlySet<string>;
  readonly backup: boolean;
}

/** `backup`: whether one is taken unless the person decides otherwise. */
export const unanswered = (backup: boolean): GateAnswers => ({ typed: '', reason: '', accepted: new Set(), backup });

/** Skipping a backup or a rehearsal that is asked for always needs a reason. */
export const needsReason = (gate: Gate, { backup, accepted }: Pick<GateAnswers, 'backup' | 'accepted'>): boolean =>
  gate.reason ||
  (!backup && gate.backup !== 'none' && gate.external === undefined) ||
  (gate.rehearsal !== undefined && accepted.has(notRehearsed));

/** What is still open, in words. */
export function openAnswers(gate: Gate, answers: GateAnswers): readonly string[] {
  const open: string[] = [];
  const unaccepted = gate.hazardsToAccept.filter((code) => !answers.accepted.has(code)).length;
  if (unaccepted > 0) open.push(`${unaccepted} ${unaccepted === 1 ? 'hazard' : 'hazards'} to accept`);
  if (gate.rehearsal !== undefined && !answers.accepted.has(notRehearsed)) open.push('a rehearsal');
  if (needsReason(gate, answers) && answers.reason.trim() === '') open.push('a reason');
  if (gate.typedName !== null && answers.typed !== gate.typedName) open.push('the typed name');
  return open;
}

/** With a code accepted, or no longer. */
export function withAccepted(accepted: ReadonlySet<string>, code: string, yes: boolean): ReadonlySet<string> {
  const changed = new Set(accepted);
  if (yes) changed.add(code);
  else changed.delete(code);
  return changed;
}

/** As every procedure that starts a run takes them. */
export const givenAnswers = ({ typed, reason, accepted, backup }: GateAnswers) => ({
  backup,
  confirm: typed === '' ? null : typed,
  reason: reason.trim() === '' ? null : reason.trim(),
  accept: [...accepted],
});
