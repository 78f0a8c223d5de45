/** `-- lockkeeper:batch …` and `-- lockkeeper:expect …`: what an author asks of the statement that follows. */
import type { Batch, RowBounds, StatementDirective } from '../../../shared/model/directive.ts';
import { durationMs } from '../common/metadata.ts';
import type { LinePlace } from '../common/scan.ts';

/** A statement that never comes to its end is stopped after so many batches, unless its author says otherwise. */
const defaultMax = 10_000;
const longestPauseMs = 3_600_000;

export const statementWords: readonly string[] = ['batch', 'expect'];

/** The word of a directive and what follows it. */
export function wordOf(text: string): { readonly word: string; readonly rest: string } {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(text) ?? [];
  return { word: word.toLowerCase(), rest };
}

/** A directive of statements; else what it should look like. */
export function statementDirective({ text, line }: LinePlace): StatementDirective | { readonly wanted: string } {
  const { word, rest } = wordOf(text);
  const parts = rest.split(/\s+/).filter((part) => part !== '');
  if (word === 'batch') {
    const batch = batchOf(parts);
    return batch === null
      ? { wanted: '“batch”, and if needed size=1000, pause=200ms or max=500' }
      : { kind: 'batch', line, batch };
  }
  const rows = boundsOf(parts);
  return rows === null
    ? { wanted: '“expect rows=5”, “expect rows>=1” or “expect rows>=1 rows<=100”' }
    : { kind: 'expect', line, rows };
}

function batchOf(parts: readonly string[]): Batch | null {
  let batch: Batch = { size: null, pauseMs: 0, max: defaultMax };
  for (const part of parts) {
    const [, name = '', value = ''] = /^(size|pause|max)=(.+)$/i.exec(part) ?? [];
    const given = name.toLowerCase() === 'pause' ? durationMs(value) : countFrom(value, 1);
    if (given === null) return null;
    if (name.toLowerCase() === 'size') batch = { ...batch, size: given };
    else if (name.toLowerCase() === 'max') batch = { ...batch, max: given };
    else if (given <= longestPauseMs) batch = { ...batch, pauseMs: given };
    else return null;
  }
  return batch;
}

function boundsOf(parts: readonly string[]): RowBounds | null {
  if (parts.length === 0) return null;
  let bounds: RowBounds = { least: 0, most: null };
  for (const part of parts) {
    const [, sign = '', value = ''] = /^rows(=|>=|<=)(.+)$/i.exec(part) ?? [];
    const rows = countFrom(value, 0);
    if (rows === null) return null;
    if (sign !== '<=') bounds = { ...bounds, least: Math.max(bounds.least, rows) };
    if (sign !== '>=') bounds = { ...bounds, most: Math.min(bounds.most ?? rows, rows) };
  }
  return bounds.most !== null && bounds.most < bounds.least ? null : bounds;
}

function countFrom(text: string, least: number): number | null {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : null;
  return count !== null && count >= least ? count : null;
}
