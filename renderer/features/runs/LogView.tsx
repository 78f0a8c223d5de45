/** The log of a run: virtual, filtered, following its end while the run goes on. */

import { Switch } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { ResultSet } from '../../../shared/model/run.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { FilterInput } from '../../components/FilterInput.tsx';
import { focusable } from '../../components/focusable.ts';
import { formatClock, formatNumber } from '../../format.ts';
import { linesFilter } from './linesFilter.ts';
import type { LogLine } from './logLines.ts';
import './runs.css';
import { runTexts as texts } from './texts.ts';

/** Pixels. */
const lineHeight = 24;
/** Characters that fit into one line of the narrowest log: to measure each line would cost more than to draw it. */
const fitting = 24;
const isShort = ({ text, raw, result }: LogLine): boolean => raw === null && result === null && text.length <= fitting;

interface LogViewProps {
  readonly lines: readonly LogLine[];
  readonly live: boolean;
  /** What stands at the left of the toolbar. */
  readonly lead?: ReactNode;
}

export function LogView({ lines, live, lead }: LogViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState('');
  const [follows, setFollows] = useState(true);
  useCommand('run.log', () => box.current?.focus());
  useCommand('run.follow', () => setFollows((before) => !before), { enabled: live });
  const [filtered] = useState(linesFilter);
  // The letters of a filter are shown before what it finds.
  const wanted = useDeferredValue(filter);
  const shown = useMemo(() => filtered(lines, wanted), [filtered, lines, wanted]);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 20,
    useFlushSync: false,
  });
  useEffect(() => {
    if (live && follows && shown.length > 0) virtual.scrollToIndex(shown.length - 1, { align: 'end' });
  }, [live, follows, shown.length, virtual]);
  return (
    <section className="log" aria-label={texts.log}>
      <div className="toolbar">
        {lead}
        <div className="row push">
          {live && (
            <Switch
              size="xs"
              label={texts.follow}
              checked={follows}
              onChange={(event) => setFollows(event.currentTarget.checked)}
            />
          )}
          {filter !== '' && (
            <span className="small dim number" role="status">
              {texts.of2(formatNumber(shown.length), texts.lines(lines.length))}
            </span>
          )}
          <FilterInput label={texts.filterLog} value={filter} onChange={setFilter} />
        </div>
      </div>
      <div
        ref={box}
        className="log-box"
        {...focusable}
        role="log"
        aria-live="off"
        aria-label={texts.logLines}
        onWheel={(event) => {
          // Whoever looks back wants to stay there.
          if (event.deltaY < 0) setFollows(false);
        }}
      >
        {shown.length === 0 && (
          <p className="dim log-empty">{lines.length === 0 ? texts.noLinesYet : texts.noLineMatches}</p>
        )}
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const line = shown[item.index];
            return line === undefined ? null : (
              <div
                key={line.seq}
                ref={isShort(line) ? undefined : virtual.measureElement}
                data-index={item.index}
                className="log-line"
                style={{
                  transform: `translateY(${item.start}px)`,
                  ...(isShort(line) ? { height: lineHeight } : {}),
                }}
              >
                <Line line={line} />
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

function Line({ line }: { line: LogLine }) {
  return (
    <>
      <time className="dim number" dateTime={line.at}>
        {formatClock(line.at)}
      </time>
      <span className="dim number">{line.step === null ? '' : `#${line.step + 1}`}</span>
      <div className="wrap" data-tone={line.tone}>
        <span className="log-text">{line.text}</span>
        {line.raw !== null && <pre>{line.raw}</pre>}
        {line.result !== null && <ResultTable result={line.result} />}
      </div>
    </>
  );
}

/** Rows of a script's own SELECT, as text only. */
function ResultTable({ result }: { result: ResultSet }) {
  return (
    <div className="result-box">
      <table className="result-table">
        <thead>
          <tr>
            {[...result.columns.entries()].map(([position, column]) => (
              <th key={position} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...result.rows.entries()].map(([position, row]) => (
            <tr key={position}>
              {[...row.entries()].map(([cell, value]) => (
                <td key={cell}>{value === null ? <span className="dim">{texts.null}</span> : value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="small dim">
        {texts.rows(result.rowCount)}
        {result.rowCount > result.rows.length && texts.theFirstShown(result.rows.length)}
      </p>
    </div>
  );
}
