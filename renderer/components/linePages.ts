/** Pages of lines as they are needed: the newest are kept, and those passed over quickly are never asked for. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ScriptLines } from '../../shared/model/scriptLines.ts';
import type { Problem } from '../../shared/problem.ts';
import { toProblem } from '../problem.ts';
import type { Piece } from './sqlPieces.ts';

export interface LineSource {
  /** Lines by the numbers of their file. */
  read(from: number, count: number): Promise<ScriptLines>;
  /** The first line from `from` on that has the words. */
  find(words: string, from: number): Promise<number | null>;
}

type About = Pick<ScriptLines, 'firstLine' | 'lastLine' | 'bytes'>;

interface Page {
  readonly from: number;
  readonly lines: readonly string[];
  /** Made when they are first drawn. */
  pieces: readonly (readonly Piece[])[] | null;
}

const pageLines = 200;
const mostPages = 24;
/** Milliseconds that a place is stood at before its lines are asked for. */
const patience = 40;

export function useLinePages(source: LineSource) {
  const pages = useRef(new Map<number, Page>());
  const asked = useRef(new Set<number>());
  const [about, setAbout] = useState<About | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [, setDrawn] = useState(0);
  const current = useRef(source);

  const load = useCallback(
    (page: number): void => {
      if (pages.current.has(page) || asked.current.has(page)) return;
      asked.current.add(page);
      source
        .read(page * pageLines + 1, pageLines)
        .then((read) => {
          if (current.current !== source) return;
          keep(pages.current, page, { from: read.from, lines: read.lines, pieces: null });
          setAbout({ firstLine: read.firstLine, lastLine: read.lastLine, bytes: read.bytes });
          setProblem(null);
          setDrawn((before) => before + 1);
        })
        .catch((thrown: unknown) => setProblem(toProblem(thrown)))
        .finally(() => asked.current.delete(page));
    },
    [source],
  );

  useEffect(() => {
    current.current = source;
    pages.current = new Map();
    asked.current = new Set();
    setAbout(null);
    load(0);
  }, [source, load]);

  /** Asks for what is missing of these lines, when they are still wanted in a moment. */
  const need = useCallback(
    (from: number, count: number) => {
      const timer = setTimeout(() => {
        for (let page = pageOf(from); page <= pageOf(from + count); page += 1) load(page);
      }, patience);
      return () => clearTimeout(timer);
    },
    [load],
  );

  function line(number: number, highlight: (lines: readonly string[]) => readonly (readonly Piece[])[]) {
    for (const at of [pageOf(number), 0]) {
      const page = pages.current.get(at);
      if (page === undefined || number < page.from || number >= page.from + page.lines.length) continue;
      page.pieces ??= highlight(page.lines);
      return page.pieces[number - page.from] ?? null;
    }
    return null;
  }

  return { about, problem, need, line };
}

const pageOf = (line: number): number => Math.floor((line - 1) / pageLines);

function keep(pages: Map<number, Page>, number: number, page: Page): void {
  pages.set(number, page);
  const [oldest] = pages.keys();
  if (pages.size > mostPages && oldest !== undefined) pages.delete(oldest);
}
