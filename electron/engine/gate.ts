/** What an environment's protection asks before anything is changed, and whether it was given. Pure. */

import type { GivenApproval } from '../../shared/model/approval.ts';
import { type Backup, type BackupLevel, satisfies } from '../../shared/model/backup.ts';
import type { Protection } from '../../shared/model/environment.ts';
import type { Hazard, Step } from '../../shared/model/plan.ts';
import { notRehearsed } from '../../shared/model/rehearsal.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import { closingTime, type GateFacts, stopsOf, windowClosed } from './gateStops.ts';

export interface GateNeeds {
  /** The name to type; null when none is asked. */
  readonly typedName: string | null;
  readonly reason: boolean;
  readonly backup: 'none' | BackupLevel;
  /** Somebody else's recorded snapshot will do. */
  readonly externalBackups?: boolean;
  /** Hazard codes to accept. */
  readonly hazards: readonly string[];
  /** The first of `stops`. */
  readonly blocked: Problem | null;
  /** Whatever prevents it that nobody can answer in passing: what, and from whom it must come. */
  readonly stops: readonly Problem[];
  /** When the change window that is open now closes, in milliseconds since the epoch; null: none does. */
  readonly closesAt: number | null;
  /** Present where a second person has approved exactly this plan, and that was asked for. */
  readonly approval?: GivenApproval;
  /** Present where something is half done: what may be done rather than to begin it again, which must be accepted. */
  readonly restart?: Problem;
  /** Present where a rehearsal is asked for and not there. */
  readonly rehearsal?: Problem;
}

/** The hazard of beginning again what failed or was interrupted half-way. */
export const retryFailed = 'retryFailed';

export interface GateAnswers {
  readonly confirm: string | null;
  readonly reason: string | null;
  readonly accept: readonly string[];
  /** What the run will have before it changes anything; null: no backup. */
  readonly backup: Pick<Backup, 'level' | 'covers' | 'external'> | null;
}

/** `steps`: what is to be done, with its hazards. */
export function gateNeeds(
  environment: string,
  protection: Protection,
  steps: readonly Pick<Step, 'hazards'>[],
  facts: GateFacts,
): GateNeeds {
  const found = steps.flatMap((step) => step.hazards).filter(({ seen }) => seen !== 'refuted');
  const hazards = found.filter((hazard) => mustBeAccepted(hazard, protection)).map(({ code }) => code);
  const stops = [
    ...(protection.readOnly ? [readOnly(environment)] : []),
    ...stopsOf(
      environment,
      protection,
      found.map(({ code }) => code),
      facts,
    ),
  ];
  return {
    typedName: protection.typedName ? environment : null,
    // Whoever accepts what the protection asks about says why.
    reason: protection.reason || (protection.acceptHazards && hazards.length > 0),
    backup: protection.backup,
    externalBackups: protection.externalBackups === true,
    hazards: [...new Set(hazards)],
    blocked: stops[0] ?? null,
    stops,
    closesAt: closingTime(protection, facts.at),
    ...(facts.approval.kind === 'given' ? { approval: facts.approval.approval } : {}),
  };
}

/** What an administrator only may accept is accepted aloud, also where the file itself does. */
function mustBeAccepted(hazard: Hazard, protection: Protection): boolean {
  if (protection.forbiddenHazards?.includes(hazard.code) === true) return true;
  if (hazard.accepted !== undefined) return false;
  if (hazard.mustAccept === true) return true;
  return (
    protection.acceptHazards &&
    hazard.severity === 'danger' &&
    protection.allowedHazards?.includes(hazard.code) !== true
  );
}

/**
 * The first thing missing; null when the run may start. A skipped backup needs a reason, whatever the tier.
 * @param at now, in milliseconds since the epoch: a person may have thought about it until the window has closed
 */
export function checkGate(needs: GateNeeds, answers: GateAnswers, at: number): Problem | null {
  if (needs.blocked !== null) return needs.blocked;
  if (needs.closesAt !== null && at >= needs.closesAt) return windowClosed(needs.closesAt);
  if (needs.restart !== undefined && !answers.accept.includes(retryFailed)) return needs.restart;
  const reasoned = answers.reason !== null && answers.reason.trim() !== '';
  if (needs.typedName !== null && answers.confirm !== needs.typedName)
    return confirmation(needs.typedName, answers.confirm);
  if (needs.reason && !reasoned) return reason();
  const missing = needs.hazards.filter((code) => !answers.accept.includes(code));
  if (missing.length > 0) return hazard(missing);
  const { backup: given } = answers;
  // Skipping is explicit: a backup that is not enough is no skipped one.
  const skipped = reasoned && (given === null || given.external !== undefined);
  if (!satisfies(given, needs.backup, needs.externalBackups) && !skipped) return backup(needs.backup);
  const goesOn = answers.accept.includes(notRehearsed) && reasoned;
  if (needs.rehearsal !== undefined && !goesOn) return needs.rehearsal;
  return null;
}

export const readOnly = (environment: string): Problem => ({
  code: 'gate.readOnly',
  message: `${environment} is set to read-only.`,
  state: nothingChanged,
  hint: 'Change the environment’s protection first, if that is really meant.',
});

const confirmation = (name: string, typed: string | null): Problem => ({
  code: 'gate.confirmation',
  message:
    typed === null
      ? `${name} is protected: its name must be typed to confirm.`
      : `The typed name “${typed}” is not “${name}”.`,
  state: nothingChanged,
  hint: `Confirm with the name: --confirm "${name}"`,
});

const reason = (): Problem => ({
  code: 'gate.reason',
  message: 'This environment asks for a reason.',
  state: nothingChanged,
  hint: 'Give one with --reason "…"; it is kept in the history.',
});

const hazard = (codes: readonly string[]): Problem => ({
  code: 'gate.hazard',
  message: `The plan has hazards that must be accepted: ${codes.join(', ')}.`,
  state: nothingChanged,
  hint: `Read them in the plan, then accept each: ${codes.map((code) => `--accept ${code}`).join(' ')}`,
});

const backup = (needed: string): Problem => ({
  code: 'gate.backupRequired',
  message: `This environment asks for a backup (${needed}) before anything is changed.`,
  state: nothingChanged,
  hint: 'Run with --backup, or skip it explicitly: --no-backup --reason "…"',
});
