/** The rehearsal of a plan: what is known of it, and whether it is what the environment's protection asks for. */
import type { Protection } from '../../shared/model/environment.ts';
import type { Script } from '../../shared/model/migration.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { notRehearsed, type Rehearsal, type RehearsalSummary } from '../../shared/model/rehearsal.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import type { Execution } from '../engine/execute.ts';
import { isHandedOver } from '../engine/handOver.ts';
import { rehearsalKey } from '../engine/plan.ts';
import { commandFor } from './commandFor.ts';
import { historyElsewhere } from './confined.ts';
import type { Context } from './context.ts';
import { type OpenSource, tableName } from './readSource.ts';
import type { TargetDatabase } from './target.ts';

const hourMs = 3_600_000;

export const rehearsalOf = ({ workspace }: Context, plan: Plan): Rehearsal | null =>
  plan.steps.length === 0 ? null : workspace.rehearsals.last(rehearsalKey(plan));

export const summaryOf = (rehearsal: Rehearsal | null): RehearsalSummary | null =>
  rehearsal === null
    ? null
    : {
        id: rehearsal.id,
        at: rehearsal.at,
        outcome: rehearsal.outcome,
        copy: rehearsal.copy.kind,
        durationMs: rehearsal.steps.reduce((sum, { durationMs }) => sum + durationMs, 0),
      };

/** Null: none is asked for, or the one asked for is there. */
export function missingRehearsal(
  context: Context,
  target: TargetDatabase,
  plan: Plan,
  rehearsal: Rehearsal | null,
  { rehearsalHours }: Protection,
  source: OpenSource,
): Problem | null {
  if (rehearsalHours === null || plan.steps.length === 0) return null;
  const unfit = whyUnfit(plan, source, target);
  const rehearsing = `Rehearse it: ${commandFor('rehearse', target)}${optionsFor(plan)}. Or go on without it`;
  const problem = (why: string): Problem => ({
    code: unfit === null ? 'gate.rehearsal' : 'gate.unrehearsable',
    message: `This environment asks for a rehearsal of the plan within ${rehearsalHours} h: ${why}`,
    state: nothingChanged,
    hint: `${unfit === null ? rehearsing : 'Go on without it'}: --accept ${notRehearsed} --reason "…"`,
  });
  if (unfit !== null) return problem(`it cannot be rehearsed. ${unfit}`);
  if (rehearsal === null) return problem('there is none of these files, this history and this database.');
  if (rehearsal.outcome === 'failed')
    return problem(`that of ${rehearsal.at} failed. ${rehearsal.problem?.message ?? ''}`);
  const isOld = context.clock.now() - Date.parse(rehearsal.at) > rehearsalHours * hourMs;
  return isOld ? problem(`the last one is from ${rehearsal.at}.`) : null;
}

/** What is known without reading any script; null: nothing is in the way. */
function whyUnfit({ steps }: Plan, source: OpenSource, { driver, environment }: TargetDatabase): string | null {
  const command = steps.find(({ migration }) => [migration.up, migration.down].some(isHandedOverTo));
  if (command !== undefined)
    return `Migration ${command.version} is run by a command with a connection of its own, which would work on what is real.`;
  // A table chosen with its schema gets its plain name on a copy.
  const chosen = tableName(environment.source?.historyTable)?.schema ?? null;
  return chosen === null ? (historyElsewhere(source, driver.scratch)?.message ?? null) : null;
}

const isHandedOverTo = (script: Script | null): boolean => script !== null && isHandedOver(script);

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
