/** The plan file that is open, and approvals that came in one, by the environment that they are for. */
import { create } from 'zustand';
import type { Approval } from '../../../shared/model/approval.ts';
import { pickFile } from '../../pickFile.ts';
import { navigate } from '../../useRoute.ts';
import { planFileEnding } from './texts.ts';

export interface OpenFile {
  /** Another one with each text. */
  readonly id: number;
  readonly name: string;
  readonly text: string;
}

export const usePlanFile = create<{ readonly file: OpenFile | null }>(() => ({ file: null }));

const given = new Map<string, readonly Approval[]>();

export const rememberApprovals = (environmentId: string, approvals: readonly Approval[]): unknown =>
  given.set(environmentId, approvals);

/** As a plan and a run take them; the backend decides whether one of them holds. */
export const approvalsFor = (environmentId: string): { readonly approvals?: readonly Approval[] } => {
  const approvals = given.get(environmentId);
  return approvals === undefined ? {} : { approvals };
};

export const isPlanFile = (name: string): boolean => name.toLowerCase().endsWith(planFileEnding);

let opened = 0;

export const showText = (name: string, text: string): void =>
  usePlanFile.setState({ file: { id: ++opened, name, text } });

export async function openPlanFile(file: File): Promise<void> {
  showText(file.name, await file.text());
  navigate({ screen: 'planFile' });
}

export const pickPlanFile = (): void => pickFile(planFileEnding, openPlanFile);
