/** Whether a second person has approved exactly this plan: whom this workspace believes, and who is not the one that runs it. */
import { type Approval, type ApprovalSubject, approvalText } from '../../shared/model/approval.ts';
import type { Protection } from '../../shared/model/environment.ts';
import type { Plan, Step } from '../../shared/model/plan.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import type { ApprovalFact, GateFacts } from '../engine/gateStops.ts';
import type { Context } from './context.ts';
import { isSignedBy, ownPublicKey } from './signingKey.ts';
import { findTrustedSigner } from './trustStore.ts';

const HOUR_MS = 3_600_000;
/** Clocks of two computers differ. */
const CLOCK_DIFFERENCE_MS = 600_000;

export const gateFacts = ({ clock, role }: Context, approval: ApprovalFact): GateFacts => ({
  at: clock.now(),
  role,
  approval,
});

export const approvalSubject = ({ fingerprint, request, target, steps }: Plan): ApprovalSubject => ({
  lockkeeperApproval: 1,
  fingerprint,
  ...target,
  request,
  steps: steps.map(({ version, name, action, script }) => ({
    version,
    name,
    action,
    path: script.path,
    sha256: script.sha256,
  })),
});

export const hazardCodes = (steps: readonly Pick<Step, 'hazards'>[]): string[] =>
  [...new Set(steps.flatMap(({ hazards }) => hazards.map(({ code }) => code)))].sort();

/** The first of the approvals that holds; else why the best of them does not. */
export async function approvalOf(
  context: Context,
  plan: Plan,
  { approvalHours }: Protection,
  approvals: readonly Approval[],
): Promise<ApprovalFact> {
  if (approvalHours == null || plan.steps.length === 0) return { kind: 'notAsked' };
  const own = approvals.length === 0 ? null : await ownPublicKey(context.credentials.keychain);
  const whys: string[] = [];
  for (const approval of approvals) {
    const why = whyNot(context, plan, approvalHours, approval, own);
    if (typeof why !== 'string') return { kind: 'given', approval: why };
    whys.push(why);
  }
  return { kind: 'missing', problem: missing(plan, whys[0] ?? null) };
}

function whyNot(context: Context, plan: Plan, hours: number, approval: Approval, own: string | null) {
  const { by, at, note, publicKey } = approval;
  const signer = findTrustedSigner(context, publicKey, 'approvals');
  const named = `${by.user}@${by.host}`;
  if (signer === null) return `the key of ${named} is not trusted here for approvals`;
  const { user, hostName } = context.host;
  if (publicKey === own || (by.user === user && by.host === hostName))
    return `${signer.name} is who runs it, or the same installation`;
  if (!isSignedBy(publicKey, approvalText(approvalSubject(plan), approval), approval.signature))
    return `that of ${signer.name} is of another plan, or was changed`;
  const until = Date.parse(at) + hours * HOUR_MS;
  const now = context.clock.now();
  if (!(now < until)) return `that of ${signer.name} of ${at} is older than ${hours} h`;
  if (Date.parse(at) > now + CLOCK_DIFFERENCE_MS) return `that of ${signer.name} is from the future: ${at}`;
  const unseen = hazardCodes(plan.steps).filter((code) => !approval.hazards.includes(code));
  if (unseen.length > 0) return `${signer.name} was not shown these hazards: ${unseen.join(', ')}`;
  return { by: signer.name, at, until: new Date(until).toISOString(), note };
}

const missing = ({ target }: Plan, why: string | null): Problem => ({
  code: 'gate.approval',
  message: `${target.environment} asks for a second person’s approval of exactly this plan: ${why ?? 'there is none'}.`,
  state: nothingChanged,
  hint: 'Save the plan (plan --out FILE; of a fleet: fleet plan --out FOLDER), let somebody whose key is trusted here approve it on another computer (approve FILE), and run it with up --plan FILE (fleet up --approvals FILE…).',
});
