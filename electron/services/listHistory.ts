/** Who did what, when, how long, with what outcome: one line for each step of each run. */
import type { HistoryLine } from '../../shared/model/run.ts';
import type { Context } from './context.ts';

/** Newest first. `environment`: its name, or null for all. */
export const listHistory = (
  { workspace }: Context,
  filter: { readonly environment: string | null; readonly limit: number },
): HistoryLine[] => workspace.runs.history(filter);
