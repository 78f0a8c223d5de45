/** The history as comma-separated values that a spreadsheet may open: nothing in them is a formula. */
import { csvLine, csvText } from '../csv.ts';
import type { HistoryLine } from './run.ts';

export const historyFields = [
  'at',
  'environment',
  'actor',
  'action',
  'version',
  'outcome',
  'durationMs',
  'run',
  'reason',
] as const;

export const historyCsv = (lines: readonly HistoryLine[]): string =>
  csvText([csvLine(historyFields), ...lines.map((line) => csvLine(historyFields.map((field) => line[field])))]);
