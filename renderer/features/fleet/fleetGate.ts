/** What the members' gates ask in common, and whether it was answered. Pure. */
import { fleetConfirmation } from '../../../shared/model/fleet.ts';
import { fleetTexts as texts } from './texts.ts';
import type { FleetPlanning, PlannedMember } from './useFleetPlan.ts';

export interface FleetAnswers {
  readonly name: string;
  readonly typed: string;
  readonly reason: string;
  /** Hazard codes. */
  readonly accepted: ReadonlySet<string>;
}

export const unanswered = (name: string): FleetAnswers => ({ name, typed: '', reason: '', accepted: new Set() });

export interface FleetAsked {
  /** Members that have something to do. */
  readonly pending: number;
  /** Those that cannot be migrated as they are. */
  readonly refused: number;
  readonly rehearsalsMissing: number;
  readonly reason: boolean;
  /** What is typed; null: nothing is. */
  readonly confirmation: string | null;
  readonly confirmed: number;
  /** Codes, each with how many members have it. */
  readonly hazards: readonly (readonly [code: string, members: number])[];
}

export function answersAsked(members: readonly PlannedMember[], name: string): FleetAsked {
  const plans = members.flatMap(({ plan }) => plan ?? []);
  // The backend counts every member that is protected, whether something is pending on it or not.
  const confirmed = plans.map(({ typedName }) => ({ confirmed: typedName }));
  const hazards = new Map<string, number>();
  for (const code of plans.flatMap(({ hazardsToAccept }) => hazardsToAccept))
    hazards.set(code, (hazards.get(code) ?? 0) + 1);
  return {
    pending: plans.filter(({ versions, problem }) => versions.length > 0 && problem === null).length,
    refused: plans.filter(({ problem }) => problem !== null).length,
    rehearsalsMissing: plans.filter(({ rehearsal }) => rehearsal !== null).length,
    reason: plans.some(({ reason }) => reason),
    confirmation: fleetConfirmation(name.trim(), confirmed),
    confirmed: confirmed.filter((one) => one.confirmed).length,
    hazards: [...hazards],
  };
}

/** What is still open, in words. */
export function openQuestions(planning: FleetPlanning, asked: FleetAsked, answers: FleetAnswers): readonly string[] {
  const open: string[] = [];
  if (!planning.done) open.push(texts.thePlans);
  if (answers.name.trim() === '') open.push(texts.aName);
  if (asked.hazards.some(([code]) => !answers.accepted.has(code))) open.push(texts.theHazards);
  if (asked.reason && answers.reason.trim() === '') open.push(texts.aReason);
  if (asked.confirmation !== null && answers.typed !== asked.confirmation) open.push(texts.theConfirmation);
  return open;
}
