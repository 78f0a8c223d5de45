/** A plan file on another computer: what is in it, and this installation's signature under it. */
import { type Approval, approvalText, type PlanFileView, type ShownApproval } from '../../shared/model/approval.ts';
import { ProblemError, raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { type OfferedPlan, readOffer, textOf } from './planFile.ts';
import { recordAudit } from './recordAudit.ts';
import { requireLeast } from './roles.ts';
import { isSignedBy, ownPublicKey, signingKey } from './signingKey.ts';
import { addTrustedKey, findTrustedSigner, readPublicKey } from './trustStore.ts';

/** Reads no database, and runs nothing. @throws {ProblemError} `usage.invalid` */
export async function showPlanFile(context: Context, text: string, name: string): Promise<PlanFileView> {
  const file = readOffer(text, name);
  const { subject, by, at, scripts } = file.offered;
  const own = file.approvals.length === 0 ? null : await ownPublicKey(context.credentials.keychain);
  return {
    environment: subject.environment,
    server: subject.server,
    database: subject.database,
    engine: subject.engine,
    tool: subject.tool,
    fingerprint: subject.fingerprint,
    request: subject.request,
    createdBy: `${by.user}@${by.host}`,
    createdAt: at,
    steps: subject.steps.map((step, index) => {
      const { statements = 0, description = null, hazards = [] } = file.steps[index] ?? {};
      return { ...step, statements, description, hazards, script: scripts[index] ?? null };
    }),
    approvals: file.approvals.map((approval) => shown(context, file, approval, own)),
    environmentId: context.workspace.environments.find(subject.environment)?.id ?? null,
  };
}

function shown(context: Context, { offered }: OfferedPlan, approval: Approval, own: string | null): ShownApproval {
  const { by, at, note, publicKey, signature } = approval;
  return {
    by: `${by.user}@${by.host}`,
    at,
    note,
    trustedAs: findTrustedSigner(context, publicKey, 'approvals')?.name ?? null,
    own: publicKey === own,
    fingerprint: fingerprintOf(publicKey),
    valid: isSignedBy(publicKey, approvalText(offered.subject, approval), signature),
  };
}

function fingerprintOf(publicKey: string): string {
  try {
    return readPublicKey(publicKey).fingerprint;
  } catch (thrown) {
    if (thrown instanceof ProblemError) return '';
    throw thrown;
  }
}

interface ApproverToTrust {
  readonly text: string;
  readonly name: string;
  readonly whose: string;
  readonly fingerprint: string;
}

/** @throws {ProblemError} `gate.role`, `usage.invalid`; `gate.confirmation` when no approval is of that key */
export async function trustApprover(
  context: Context,
  { text, name, whose, fingerprint }: ApproverToTrust,
): Promise<PlanFileView> {
  const { approvals } = readOffer(text, name);
  const key = approvals.find(({ publicKey }) => fingerprintOf(publicKey) === fingerprint)?.publicKey;
  if (key === undefined)
    return raise({
      code: 'gate.confirmation',
      message: `No approval in ${name} is of the key ${fingerprint}.`,
      hint: 'Ask its owner for the fingerprint, and compare it with what the file shows.',
    });
  addTrustedKey(context, { key, name: whose, purposes: ['approvals'], fingerprint });
  return showPlanFile(context, text, name);
}

/**
 * The file with this installation's approval in it, for whoever carries it back.
 * @throws {ProblemError} `gate.role`, `gate.approval` for one's own plan, `usage.invalid`, `keychain.unavailable`
 */
export async function approvePlan(
  context: Context,
  text: string,
  name: string,
  note: string | null,
): Promise<{ readonly text: string; readonly approval: Approval }> {
  requireLeast(context, 'operator', 'Approving a plan');
  const file = readOffer(text, name);
  const { subject, by } = file.offered;
  const { user, hostName } = context.host;
  if (by.user === user && by.host === hostName)
    raise({
      code: 'gate.approval',
      message: 'This plan is your own: a second person approves it, on another computer.',
      hint: 'Send the file to somebody whose key is trusted where it will run.',
    });
  const key = await signingKey(context.credentials.keychain);
  const unsigned = {
    by: { user, host: hostName },
    at: new Date(context.clock.now()).toISOString(),
    note,
    hazards: hazardsOf(file),
    publicKey: key.publicKey,
  };
  const approval: Approval = { ...unsigned, signature: key.sign(approvalText(subject, unsigned)) };
  recordAudit(context, {
    action: 'plan approved',
    environment: subject.environment,
    run: null,
    detail: { fingerprint: subject.fingerprint, versions: subject.steps.map(({ version }) => version), note },
  });
  const content = JSON.parse(text) as object;
  return { text: textOf({ ...content, approvals: [...file.approvals, approval] }), approval };
}

const hazardsOf = ({ steps }: OfferedPlan): string[] => [
  ...new Set(steps.flatMap(({ hazards }) => hazards.map(({ code }) => code))),
];
