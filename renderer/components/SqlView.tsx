/** SQL, or a program's code, to read: highlighted, numbered, hazards in the gutter, the place of a failure marked. */
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, RangeSet } from '@codemirror/state';
import { EditorView, GutterMarker, gutter, keymap } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { EngineId } from '../../shared/model/environment.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import type { FailureMark } from '../../shared/model/scriptLines.ts';
import { language, readOnlyText } from './editor.ts';
import { failureMarks, lookedAt, revealLine } from './failureMarks.ts';
import { hazardTone, hazardWords } from './HazardChips.tsx';
import './sqlView.css';

interface SqlViewProps {
  readonly sql: string;
  /** Null: it is no SQL. */
  readonly engine: EngineId | null;
  /** With the lines of the file. */
  readonly hazards: readonly Hazard[];
  /** The file's line of the first character. */
  readonly firstLine: number;
  readonly label: string;
  /** Where it failed; brought into view. */
  readonly failure?: FailureMark | null;
  /** A line of the file to bring into view; each new value does it again. */
  readonly at?: { readonly line: number } | null;
}

export default function SqlView({ sql, engine, hazards, firstLine, label, failure = null, at = null }: SqlViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef<EditorView | null>(null);
  useEffect(() => {
    if (box.current === null) return;
    const extensions = [
      hazardGutter(hazards, firstLine),
      failure === null ? [] : failureMarks(failure, firstLine),
      lookedAt,
      readOnlyText(label, firstLine),
      language(engine),
      highlightSelectionMatches(),
      search({ top: true }),
      keymap.of(searchKeymap),
    ];
    const view = new EditorView({ state: EditorState.create({ doc: sql, extensions }), parent: box.current });
    shown.current = view;
    if (failure !== null) revealLine(view, failure.line - firstLine + 1);
    return () => {
      shown.current = null;
      view.destroy();
    };
  }, [sql, engine, hazards, firstLine, label, failure]);
  useEffect(() => {
    if (at !== null && shown.current !== null) revealLine(shown.current, at.line - firstLine + 1);
  }, [at, firstLine]);
  return <div ref={box} className="sql-view" />;
}

class HazardMark extends GutterMarker {
  readonly #hazards: readonly Hazard[];

  constructor(hazards: readonly Hazard[]) {
    super();
    this.#hazards = hazards;
  }

  override toDOM(): HTMLElement {
    const mark = document.createElement('span');
    const worst = this.#hazards.find((hazard) => hazard.severity === 'danger') ?? this.#hazards[0];
    mark.className = 'cm-hazard';
    mark.dataset['tone'] = worst === undefined ? 'quiet' : hazardTone(worst);
    mark.title = this.#hazards.map((hazard) => `${hazardWords(hazard.code)}: ${hazard.message}`).join('\n');
    mark.textContent = '▲';
    return mark;
  }
}

function hazardGutter(hazards: readonly Hazard[], firstLine: number): Extension {
  const byLine = Map.groupBy(
    hazards.filter((hazard) => hazard.line !== null),
    (hazard) => (hazard.line ?? firstLine) - firstLine + 1,
  );
  if (byLine.size === 0) return [];
  return gutter({
    class: 'cm-hazards',
    markers: (view) =>
      RangeSet.of(
        [...byLine]
          .filter(([line]) => line >= 1 && line <= view.state.doc.lines)
          .map(([line, found]) => new HazardMark(found).range(view.state.doc.line(line).from)),
        true,
      ),
  });
}
