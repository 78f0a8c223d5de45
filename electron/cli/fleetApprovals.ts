/** Plan files that came back approved, by the members of a fleet that they are for. */
import type { Approval } from '../../shared/model/approval.ts';
import { raise } from '../../shared/problem.ts';
import type { Context } from '../services/context.ts';
import { readOffer } from '../services/planFile.ts';
import { readPlanText } from './commands/approve.ts';

export interface ApprovedPlans {
  /** By the environment's id. */
  readonly approvals: Readonly<Record<string, readonly Approval[]>>;
  /** Of exactly the plans that were approved: another one is refused as stale. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

/** @throws {ProblemError} `usage.invalid`, `gate.approval` for one that nobody has approved yet */
export async function readApprovals(context: Context, files: readonly string[]): Promise<ApprovedPlans> {
  const approvals: Record<string, readonly Approval[]> = {};
  const fingerprints: Record<string, string> = {};
  for (const file of files) {
    const offer = readOffer(await readPlanText(file), file);
    const { environment } = offer.offered.subject;
    if (offer.approvals.length === 0) return notApproved(file, environment);
    const id = context.workspace.environments.find(environment)?.id ?? notHere(file, environment);
    const isAnother = fingerprints[id] !== undefined && fingerprints[id] !== offer.fingerprint;
    if (isAnother) return twoPlans(file, environment);
    approvals[id] = [...(approvals[id] ?? []), ...offer.approvals];
    fingerprints[id] = offer.fingerprint;
  }
  return { approvals, fingerprints };
}

const notApproved = (file: string, environment: string): never =>
  raise({
    code: 'gate.approval',
    message: `Nobody has approved the plan of ${environment} in ${file}.`,
    hint: 'Let somebody whose key is trusted here approve it on another computer: approve FILE',
    path: file,
  });

const notHere = (file: string, environment: string): never =>
  raise({
    code: 'usage.invalid',
    message: `${file} is for ${environment}, which is no environment here.`,
    hint: 'Give the files that `fleet plan --out FOLDER` wrote here.',
    path: file,
  });

const twoPlans = (file: string, environment: string): never =>
  raise({
    code: 'usage.invalid',
    message: `${file} is another plan of ${environment} than a file before it.`,
    hint: 'Give one plan of each member: the newest.',
    path: file,
  });
