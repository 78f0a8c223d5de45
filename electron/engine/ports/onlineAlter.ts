// Changing a big table by a program that copies it while others work.
import type { ServerProgress } from '../../../shared/model/activity.ts';
import type { Session } from './session.ts';

export interface OnlineAlterWork {
  /** The run's own; it sends nothing while the program works. */
  readonly session: Session;
  readonly signal: AbortSignal;
  warn(message: string): void;
  progress(progress: ServerProgress | null): void;
}

export interface OnlineAlter {
  /**
   * Resolves when the changed table is in its place. When it is not, what the program left was removed, or the failure says
   * what is left. @throws {ProblemError} `alter.*`; {ServerFault} kind `cancelled`
   */
  alter(statement: string, work: OnlineAlterWork): Promise<void>;
}
