/** Corrections of what a history table says. No script is run by them. */
import type { Problem } from '../problem.ts';

export const repairActions = [
  'updateChecksum',
  'markApplied',
  'markReverted',
  'removeFailed',
  'baseline',
  'force',
] as const;
export type RepairAction = (typeof repairActions)[number];

/** What a person asks for. `baseline` means every migration up to the version, `updateChecksums` all that differ. */
export type RepairRequest =
  | { readonly action: RepairAction; readonly version: string }
  | { readonly action: 'updateChecksums' };

/**
 * How a file differs from what was applied. `same`: its text does not, only the recorded checksum.
 * `unknown`: the applied text is not kept on this computer and the checksums alone do not tell.
 */
export type DifferenceKind = 'same' | 'lineEndings' | 'comments' | 'sql' | 'unknown';

export interface ChecksumVerdict {
  readonly kind: DifferenceKind;
  /** In a sentence. */
  readonly explanation: string;
}

/** The checksum explainer: a recorded checksum, the file's, and both texts where they are known. */
export interface ChecksumDifference extends ChecksumVerdict {
  readonly version: string;
  readonly name: string;
  readonly path: string | null;
  readonly recorded: string | null;
  readonly current: string | null;
  /** The script as it was run; null when this computer did not run it. */
  readonly appliedText: string | null;
  readonly currentText: string | null;
  /** One of the texts is longer than what is kept or shown. */
  readonly shortened: boolean;
  /** Run in which this computer applied it. */
  readonly appliedIn: string | null;
}

/** One row of the history table that is written. */
export interface RepairChange {
  readonly action: RepairAction;
  readonly version: string;
  readonly name: string;
  /** What is wrong, or what it will mean. */
  readonly reason: string;
  readonly difference: ChecksumVerdict | null;
}

/** Something `repair` could correct; with a Problem where the tool's table cannot say it. */
export interface RepairOffer extends RepairChange {
  readonly problem: Problem | null;
}

export interface RepairOffers {
  readonly environment: string;
  readonly tool: string;
  readonly historyTable: string;
  readonly offers: readonly RepairOffer[];
}
