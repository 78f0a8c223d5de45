/** What of a protection stops a change whatever is answered: the time, a hazard beyond one's role, no second person. Pure. */
import type { GivenApproval } from '../../shared/model/approval.ts';
import { changeWindowWords } from '../../shared/model/changeWindow.ts';
import type { Protection } from '../../shared/model/environment.ts';
import type { Role } from '../../shared/model/role.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import { isInside, nextClosing, nextOpening } from './changeWindow.ts';

export interface GateFacts {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly role: Role;
  readonly approval: ApprovalFact;
}

/** `byRole`: no plan file can carry it, as of a correction or a restore; an administrator stands for the second person. */
export type ApprovalFact =
  | { readonly kind: 'notAsked' }
  | { readonly kind: 'given'; readonly approval: GivenApproval }
  | { readonly kind: 'missing'; readonly problem: Problem }
  | { readonly kind: 'byRole' };

export function stopsOf(
  environment: string,
  protection: Protection,
  hazards: readonly string[],
  { at, role, approval }: GateFacts,
): Problem[] {
  const { freeze, changeWindows = [], forbiddenHazards = [], approvalHours } = protection;
  const stops: Problem[] = [];
  if (freeze != null && at < Date.parse(freeze.until))
    stops.push({
      code: 'gate.frozen',
      message: `${environment} is frozen until ${moment(Date.parse(freeze.until))}: ${freeze.reason}`,
      state: nothingChanged,
      hint: `Wait until then. An administrator can lift it in its settings; ${freeze.by} has set it.`,
    });
  if (!isInside(changeWindows, at)) stops.push(outside(environment, protection, at));
  const forbidden = [...new Set(hazards.filter((code) => forbiddenHazards.includes(code)))];
  if (forbidden.length > 0 && role !== 'administrator')
    stops.push({
      code: 'gate.forbiddenHazard',
      message: `The plan has hazards that only an administrator may accept on ${environment}: ${forbidden.join(', ')}.`,
      state: nothingChanged,
      hint: 'Let an administrator run it, or change the migration so that it does without.',
    });
  if (approvalHours == null) return stops;
  if (approval.kind === 'missing') stops.push(approval.problem);
  if (approval.kind === 'byRole' && role !== 'administrator')
    stops.push({
      code: 'gate.approval',
      message: `${environment} asks for a second person, and this change has no plan file that could be approved.`,
      state: nothingChanged,
      hint: 'Let an administrator do it.',
    });
  return stops;
}

/** Null: there are no windows, or none is open. */
export const closingTime = ({ changeWindows = [] }: Protection, at: number): number | null =>
  isInside(changeWindows, at) ? nextClosing(changeWindows, at) : null;

export const windowClosed = (closesAt: number): Problem => ({
  code: 'gate.changeWindow',
  message: `The change window closed at ${moment(closesAt)}.`,
  state: nothingChanged,
  hint: 'Look at the plan again in the next window.',
});

function outside(environment: string, { changeWindows = [] }: Protection, at: number): Problem {
  const opens = nextOpening(changeWindows, at);
  const next = opens === null ? '' : ` The next one opens at ${moment(opens, changeWindows[0]?.timeZone)}.`;
  return {
    code: 'gate.changeWindow',
    message: `${environment} is changed in its change windows only: ${changeWindows.map(changeWindowWords).join('; ')}.`,
    state: nothingChanged,
    hint: `Wait for one, or have an administrator change them.${next}`,
  };
}

/** To the minute, by the clock on the wall of a zone. */
function moment(at: number, timeZone = 'UTC'): string {
  // Swedish writes dates as ISO 8601 does.
  const words = new Date(at).toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return `${words} ${timeZone}`;
}
