/** The rehearsal of a plan: what is known of it, and whether it is what the environment's protection asks for. */
import type { Protection } from '../../shared/model/environment.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Rehearsal, RehearsalSummary } from '../../shared/model/rehearsal.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import type { Execution } from '../engine/execute.ts';
import { notRehearsed } from '../engine/gate.ts';
import { rehearsalKey } from '../engine/plan.ts';
import { commandFor } from './commandFor.ts';
import type { Context } from './context.ts';
import type { TargetDatabase } from './target.ts';

const hourMs = 3_600_000;

export const rehearsalOf = ({ workspace }: Context, plan: Plan): Rehearsal | null =>
  plan.steps.length === 0 ? null : workspace.rehearsals.last(rehearsalKey(plan));

export const summaryOf = (rehearsal: Rehearsal | null): RehearsalSummary | null =>
  rehearsal === null
    ? null
    : { id: rehearsal.id, at: rehearsal.at, outcome: rehearsal.outcome, copy: rehearsal.copy.kind };

/** Null: none is asked for, or the one asked for is there. */
export function missingRehearsal(
  context: Context,
  target: TargetDatabase,
  plan: Plan,
  rehearsal: Rehearsal | null,
  { rehearsalHours }: Protection,
): Problem | null {
  if (rehearsalHours === null || plan.steps.length === 0) return null;
  const problem = (why: string): Problem => ({
    code: 'gate.rehearsal',
    message: `This environment asks for a rehearsal of the plan within ${rehearsalHours} h: ${why}`,
    state: nothingChanged,
    hint: `Rehearse it: ${commandFor('rehearse', target)}${optionsFor(plan)}. Or go on without it: --accept ${notRehearsed} --reason "…"`,
  });
  if (rehearsal === null) return problem('there is none of these files, this history and this database.');
  if (rehearsal.outcome === 'failed')
    return problem(`that of ${rehearsal.at} failed. ${rehearsal.problem?.message ?? ''}`);
  const isOld = context.clock.now() - Date.parse(rehearsal.at) > rehearsalHours * hourMs;
  return isOld ? problem(`the last one is from ${rehearsal.at}.`) : null;
}

function optionsFor({ request }: Plan): string {
  const { direction, to, steps } = request;
  return [
    ...(direction === 'down' ? [' --down'] : []),
    ...(to === undefined ? [] : [` --to ${to}`]),
    ...(steps === undefined ? [] : [` --steps ${steps}`]),
  ].join('');
}

/** What a person should know of the way back before going forth. */
export const backWarnings = (rehearsal: Rehearsal | null): Problem[] =>
  rehearsal?.back?.problem == null ? [] : [rehearsal.back.problem];

/** What reconciling an interrupted statement is helped by: how its rehearsal left what it changes. */
export function expectedStates(rehearsal: Rehearsal | null): NonNullable<Execution['expectedState']> {
  return ({ version, action }, statement, part) => {
    const step = rehearsal?.steps.find((one) => one.version === version && one.action === action);
    return step?.statements.find((one) => one.statement === statement && one.part === (part ?? 0))?.probe ?? null;
  };
}
