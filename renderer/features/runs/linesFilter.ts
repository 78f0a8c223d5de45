/** The lines of a log that have the words of a filter. */
import { matches } from '../../components/FilterInput.tsx';
import type { LogLine } from './logLines.ts';

interface Found {
  readonly filter: string;
  readonly lines: readonly LogLine[];
  /** The last line that was looked at. */
  readonly last: LogLine | undefined;
}

/** One for each log on screen: while that grows, only its new lines are looked at. */
export function linesFilter(): (lines: readonly LogLine[], filter: string) => readonly LogLine[] {
  let before: Found = { filter: '', lines: [], last: undefined };
  return (lines, filter) => {
    if (filter === '') return lines;
    const seen = before.filter === filter && before.last !== undefined ? lines.lastIndexOf(before.last) + 1 : 0;
    const known = seen === 0 ? [] : stillIn(lines, before.lines);
    const added = lines.slice(seen).filter((line) => matches(filter, [line.text, line.raw]));
    before = { filter, lines: added.length === 0 ? known : [...known, ...added], last: lines.at(-1) };
    return before.lines;
  };
}

/** Without those that a long log has left out at its beginning since. */
function stillIn(lines: readonly LogLine[], found: readonly LogLine[]): readonly LogLine[] {
  const firstSeq = lines[0]?.seq ?? 0;
  const from = found.findIndex(({ seq }) => seq >= firstSeq);
  return from === 0 ? found : found.slice(from === -1 ? found.length : from);
}
