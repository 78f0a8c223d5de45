/** What a report is made of, whatever it is written as: plain texts in a plain order. */
import type { StepOutcome } from '../../../shared/model/run.ts';
import type { Problem } from '../../../shared/problem.ts';

/** `code`: as it stands in a script or a log, line breaks included. */
export interface Words {
  readonly text: string;
  readonly tone?: 'good' | 'bad' | 'attention';
  readonly code?: true;
}

export type Cell = string | number | null | Words;

export type Block =
  | { readonly kind: 'title' | 'section' | 'part'; readonly text: string }
  | { readonly kind: 'verdict'; readonly words: Words }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [string, Cell])[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** What went wrong, set apart. */
  | { readonly kind: 'problem'; readonly lines: readonly Words[] }
  | {
      readonly kind: 'table';
      /** With its share of the width. */
      readonly columns: readonly (readonly [string, number])[];
      readonly rows: readonly (readonly Cell[])[];
    };

export interface ReportDocument {
  readonly title: string;
  /** ISO 8601 in UTC: the moment that it tells of. */
  readonly at: string;
  readonly blocks: readonly Block[];
}

export const wordsOf = (cell: Cell): Words =>
  typeof cell === 'object' && cell !== null ? cell : { text: cell === null ? '' : String(cell) };

export const duration = (ms: number | null): string => {
  if (ms === null) return '';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
};

/** Also of a step, and of a rehearsal's. */
export const problemBlocks = (problem: Problem | null): Block[] =>
  problem === null ? [] : [{ kind: 'problem', lines: problemLines(problem) }];

function problemLines({ code, message, state, hint, path, line, column, serverMessage }: Problem): Words[] {
  const place = [path, line, column].filter((part) => part !== undefined).join(':');
  const lines: (Words | null)[] = [
    { text: message, tone: 'bad' },
    { text: `Code: ${code}` },
    place === '' ? null : { text: `Place: ${place}`, code: true },
    { text: state },
    { text: hint },
    serverMessage === undefined ? null : { text: serverMessage, code: true },
  ];
  return lines.filter((one) => one !== null);
}

export const listed = (items: readonly string[]): Block[] => (items.length === 0 ? [] : [{ kind: 'list', items }]);

const stepWords: Readonly<Record<StepOutcome, Words>> = {
  succeeded: { text: '✓ succeeded', tone: 'good' },
  failed: { text: '✕ failed, part of it may remain', tone: 'bad' },
  rolledBack: { text: '✕ failed and rolled back', tone: 'bad' },
  unknown: { text: '? not known', tone: 'bad' },
  notExecuted: { text: '⊘ not executed' },
};

export const stepWord = (outcome: StepOutcome | null): Words =>
  outcome === null ? { text: '○ waiting' } : stepWords[outcome];
