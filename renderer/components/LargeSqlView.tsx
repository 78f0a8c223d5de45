/** A script too long to be held: the lines on screen and a few around them are asked for, the rest stays where it is. */
import { Button, NumberInput, TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useState } from 'react';
import type { EngineId } from '../../shared/model/environment.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import { type FailureMark, longestLine } from '../../shared/model/scriptLines.ts';
import { formatBytes, formatNumber } from '../format.ts';
import { useAction } from '../useAction.ts';
import { focusable } from './focusable.ts';
import { hazardTone, hazardWords } from './HazardChips.tsx';
import { announce } from './LiveRegion.tsx';
import { type LineSource, useLinePages } from './linePages.ts';
import { ProblemNotice } from './ProblemNotice.tsx';
import { highlightLines, type Piece } from './sqlPieces.ts';
import { componentTexts as texts } from './texts.ts';
import { rowHeight, useLineScroll } from './useLineScroll.ts';
import './sqlView.css';

interface LargeSqlViewProps {
  /** Must be the same as long as the script is. */
  readonly source: LineSource;
  readonly engine: EngineId | null;
  /** With the lines of the file. */
  readonly hazards: readonly Hazard[];
  readonly label: string;
  readonly failure?: FailureMark | null;
  /** A line of the file to bring into view; each new value does it again. */
  readonly at?: { readonly line: number } | null;
}

export default function LargeSqlView({ source, engine, hazards, label, failure = null, at = null }: LargeSqlViewProps) {
  const pages = useLinePages(source);
  const firstLine = pages.about?.firstLine ?? 1;
  const lines = pages.about === null ? 0 : pages.about.lastLine - firstLine + 1;
  const scroll = useLineScroll(lines);
  const { goTo } = scroll;
  const wanted = at?.line ?? failure?.line ?? null;
  useEffect(() => {
    if (wanted !== null && lines > 0) goTo(wanted - firstLine - 5);
  }, [wanted, lines, firstLine, goTo]);
  const { need } = pages;
  useEffect(() => need(firstLine + scroll.first, scroll.visible), [need, firstLine, scroll.first, scroll.visible]);
  const numbers = Array.from(
    { length: Math.min(scroll.visible, lines - scroll.first) },
    (_, row) => scroll.first + row,
  );
  return (
    <div className="large-sql">
      <Toolbar
        source={source}
        top={firstLine + scroll.first}
        lastLine={firstLine + lines - 1}
        bytes={pages.about?.bytes ?? 0}
        onGo={(line) => goTo(line - firstLine)}
      />
      {pages.problem !== null && <ProblemNotice problem={pages.problem} />}
      <section
        ref={scroll.box}
        className="large-box"
        {...focusable}
        aria-label={label}
        onScroll={scroll.onScroll}
        onKeyDown={(event) => move(event, scroll)}
      >
        <div style={{ height: scroll.height }}>
          <div className="large-rows">
            {numbers.map((number) => (
              <Row
                key={number}
                line={firstLine + number}
                pieces={pages.line(firstLine + number, (page) => highlightLines(page, engine))}
                hazards={hazards.filter((hazard) => hazard.line === firstLine + number)}
                failure={failure?.line === firstLine + number ? failure : null}
              />
            ))}
          </div>
        </div>
      </section>
    </div>
  );
}

function move(event: KeyboardEvent, { first, visible, goTo }: ReturnType<typeof useLineScroll>): void {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: first + 1,
    ArrowUp: first - 1,
    PageDown: first + visible - 2,
    PageUp: first - visible + 2,
    Home: 0,
    End: Number.MAX_SAFE_INTEGER,
  };
  const to = moves[event.key];
  if (to === undefined) return;
  event.preventDefault();
  goTo(to);
}

interface RowProps {
  readonly line: number;
  /** Null: not here yet. */
  readonly pieces: readonly Piece[] | null;
  readonly hazards: readonly Hazard[];
  readonly failure: FailureMark | null;
}

function Row({ line, pieces, hazards, failure }: RowProps) {
  const worst = hazards.find(({ severity }) => severity === 'danger') ?? hazards[0];
  const tone = failure !== null ? 'danger' : worst === undefined ? undefined : hazardTone(worst);
  const title = [
    ...(failure === null ? [] : [failure.message]),
    ...hazards.map(({ code, message }) => `${hazardWords(code)}: ${message}`),
  ].join('\n');
  return (
    <div className={failure === null ? 'large-row' : 'large-row cm-failed-line'} style={{ height: rowHeight }}>
      <span className="large-mark" data-tone={tone} title={title}>
        {failure !== null ? '✕' : worst === undefined ? '' : '▲'}
      </span>
      <span className="large-number">{line}</span>
      <span className="large-text">
        {pieces === null
          ? '…'
          : pieces.map(({ start, text, kind }) => (
              <span key={start} className={kind}>
                {text}
              </span>
            ))}
      </span>
    </div>
  );
}

interface ToolbarProps {
  readonly source: LineSource;
  readonly top: number;
  readonly lastLine: number;
  readonly bytes: number;
  readonly onGo: (line: number) => void;
}

function Toolbar({ source, top, lastLine, bytes, onGo }: ToolbarProps) {
  const [words, setWords] = useState('');
  const [searched, setSearched] = useState<{ readonly words: string; readonly line: number | null } | null>(null);
  const finding = useAction(async () => {
    const again = searched?.words === words && searched.line !== null;
    const line = await source.find(words, again ? searched.line + 1 : 1);
    setSearched({ words, line });
    announce(line === null ? texts.notFound : texts.foundAtLine(line));
    if (line !== null) onGo(line - 2);
  });
  return (
    <div className="large-tools">
      <span className="small second number">
        {texts.lineOf(formatNumber(top), formatNumber(lastLine), formatBytes(bytes))}
      </span>
      <form
        className="row push"
        onSubmit={(event) => {
          event.preventDefault();
          if (words !== '') finding.run();
        }}
      >
        <span className="small dim" role="status">
          {searched === null || searched.words !== words
            ? ''
            : searched.line === null
              ? texts.noneFurtherOn
              : texts.line2(formatNumber(searched.line))}
        </span>
        <TextInput
          size="xs"
          aria-label={texts.findInTheScript}
          placeholder={texts.find}
          value={words}
          maxLength={200}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" variant="default" loading={finding.busy} disabled={words === ''}>
          {texts.next}
        </Button>
        <NumberInput
          size="xs"
          w={110}
          aria-label={texts.goToLine}
          placeholder={texts.goToLine}
          hideControls
          allowDecimal={false}
          min={1}
          max={lastLine}
          onChange={(value) => {
            if (typeof value === 'number' && value >= 1) onGo(value);
          }}
        />
      </form>
      {finding.problem !== null && <ProblemNotice problem={finding.problem} urgent />}
      <span className="hidden-text">{texts.linesAreShownUpTo(longestLine)}</span>
    </div>
  );
}
