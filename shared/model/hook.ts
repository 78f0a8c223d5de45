/** What an administrator has run or told beside runs: a command of this computer, or a webhook. */
import type { RunAction, RunOutcome, StepOutcome } from './run.ts';

export const hookMoments = ['before', 'after'] as const;
/** `before`: a failure refuses the run. `after`: a failure is told and changes nothing. */
export type HookMoment = (typeof hookMoments)[number];

interface HookBase {
  /** Unique among the hooks that hold together. */
  readonly name: string;
  readonly moment: HookMoment;
  readonly actions: readonly RunAction[];
  readonly timeoutSeconds: number;
}

export type Hook = HookBase &
  (
    | {
        readonly kind: 'command';
        /** Words, not a shell's line; the first is the absolute path of a program. */
        readonly command: readonly string[];
        /** Absolute; absent: the system's folder for temporary files. */
        readonly folder?: string;
      }
    | {
        readonly kind: 'webhook';
        /** https, or http on this computer. */
        readonly url: string;
        /** With the secret that the keychain has for this hook. */
        readonly signed: boolean;
      }
  );

/** Characters of a secret that webhooks are signed with: fewer could be guessed. */
export const leastHookSecret = 16;

/** A hook with more actions than these is asked for by name. */
export const usualHookActions: readonly RunAction[] = ['up', 'down', 'restore'];

/** What a hook is told: the body of a webhook, and the standard input of a command. */
export interface HookSummary {
  readonly format: 'lockkeeper hook 1';
  readonly hook: string;
  readonly moment: HookMoment;
  /** True: nothing is run; somebody tries the hook. */
  readonly test: boolean;
  readonly run: string;
  readonly action: RunAction;
  readonly environment: string;
  readonly tier: string | null;
  readonly actor: string;
  readonly host: string;
  readonly reason: string | null;
  readonly startedAt: string;
  /** Null before the run. */
  readonly outcome: RunOutcome | null;
  readonly problem: { readonly code: string; readonly message: string } | null;
  readonly steps: readonly {
    readonly version: string;
    readonly name: string;
    readonly action: string;
    readonly outcome: StepOutcome | null;
    readonly durationMs: number | null;
  }[];
  readonly backup: { readonly id: string; readonly level: string } | null;
}

/** What trying a hook told. */
export interface HookTest {
  readonly durationMs: number;
  /** Its beginning. */
  readonly output: string;
}
