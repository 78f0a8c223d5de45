/** A second person's word on exactly one plan, signed on another computer. */
import type { Target } from './plan.ts';

/** What is approved. Made anew from the plan that is to be run: no file is believed in it. */
export interface ApprovalSubject {
  readonly lockkeeperApproval: 1;
  readonly fingerprint: string;
  readonly environment: string;
  readonly engine: string;
  /** Identity of server and database. */
  readonly server: string;
  readonly database: string;
  readonly tool: string;
  readonly historyTable: string;
  readonly request: Target;
  readonly steps: readonly ApprovedStep[];
}

export interface ApprovedStep {
  readonly version: string;
  readonly name: string;
  readonly action: 'apply' | 'revert';
  readonly path: string;
  /** Of the script's bytes. */
  readonly sha256: string;
}

/** As it lies in a plan file. */
export interface Approval {
  readonly by: { readonly user: string; readonly host: string };
  /** ISO 8601, by the clock of that computer. */
  readonly at: string;
  readonly note: string | null;
  /** Codes that were shown to whoever approved; a plan with others is another one. */
  readonly hazards: readonly string[];
  /** SPKI in DER, base64. */
  readonly publicKey: string;
  /** Ed25519 over `approvalText`, base64. */
  readonly signature: string;
}

/** An approval that holds for a plan. */
export interface GivenApproval {
  /** The name that the trust store has for the key. */
  readonly by: string;
  readonly at: string;
  /** When it ends by the environment's protection. */
  readonly until: string;
  readonly note: string | null;
}

/** What is signed. */
export const approvalText = (
  subject: ApprovalSubject,
  { by, at, note, hazards, publicKey }: Omit<Approval, 'signature'>,
): string =>
  canonical({ subject, by: { user: by.user, host: by.host }, at, note, hazards: [...hazards].sort(), publicKey });

/** JSON with its keys in order: two programs write the same. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}

/** A step of a plan file with the text that was approved, or is to be. */
export interface PlanFileStep extends ApprovedStep {
  readonly statements: number;
  readonly description: string | null;
  readonly hazards: readonly { readonly code: string; readonly message: string; readonly line: number | null }[];
  /** Null: too long, or a program; its digest says which one it is. */
  readonly script: string | null;
}

/** A plan that came as a file. Only what is in it: nothing was read from a database. */
export interface PlanFileView {
  readonly environment: string;
  readonly server: string;
  readonly database: string;
  readonly engine: string;
  readonly tool: string;
  readonly fingerprint: string;
  readonly request: Target;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly steps: readonly PlanFileStep[];
  readonly approvals: readonly ShownApproval[];
  /** The same environment here, by its name; null: there is none. */
  readonly environmentId: string | null;
}

export interface ShownApproval {
  readonly by: string;
  readonly at: string;
  readonly note: string | null;
  /** The trust store's name for the key; null: it is not trusted for approvals here. */
  readonly trustedAs: string | null;
  readonly own: boolean;
  readonly fingerprint: string;
  /** Its signature fits what the file says. */
  readonly valid: boolean;
}
