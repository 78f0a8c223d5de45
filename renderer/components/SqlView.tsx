/** SQL to read: highlighted, numbered, hazards in the gutter. */
import { MariaSQL, PostgreSQL, type SQLDialect, SQLite, sql as sqlLanguage } from '@codemirror/lang-sql';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, RangeSet } from '@codemirror/state';
import { EditorView, GutterMarker, gutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import type { EngineId } from '../../shared/model/environment.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import { styleNonce } from '../theme.ts';
import { hazardTone, hazardWords } from './HazardChips.tsx';

interface SqlViewProps {
  readonly sql: string;
  readonly engine: EngineId;
  /** With the lines of the file. */
  readonly hazards: readonly Hazard[];
  /** The file's line of the first character. */
  readonly firstLine: number;
  readonly label: string;
}

const dialects: Readonly<Record<EngineId, SQLDialect>> = { postgres: PostgreSQL, mysql: MariaSQL, sqlite: SQLite };

export default function SqlView({ sql, engine, hazards, firstLine, label }: SqlViewProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current === null) return;
    const state = EditorState.create({ doc: sql, extensions: extensionsFor(engine, hazards, firstLine, label) });
    const view = new EditorView({ state, parent: box.current });
    return () => view.destroy();
  }, [sql, engine, hazards, firstLine, label]);
  return <div ref={box} className="sql-view" />;
}

const extensionsFor = (engine: EngineId, hazards: readonly Hazard[], firstLine: number, label: string): Extension[] => [
  EditorView.cspNonce.of(styleNonce()),
  EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
  hazardGutter(hazards, firstLine),
  lineNumbers({ formatNumber: (line) => String(line + firstLine - 1) }),
  // Characters that are not seen, or that turn the direction of reading, could hide what a script does.
  highlightSpecialChars(),
  sqlLanguage({ dialect: dialects[engine] }),
  syntaxHighlighting(highlighting),
  highlightSelectionMatches(),
  search({ top: true }),
  keymap.of(searchKeymap),
  colours,
];

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

const highlighting = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--sql-keyword)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--sql-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--sql-number)' },
  { tag: [tags.lineComment, tags.blockComment], color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--sql-type)' },
]);

const colours = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--text)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--sunken)',
    color: 'var(--text-3)',
    border: 'none',
    borderRight: '1px solid var(--line)',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 10px 0 12px' },
  '.cm-hazard': { color: 'var(--tone)', paddingLeft: '6px', cursor: 'help' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--selected)',
  },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--text)', borderBottom: '1px solid var(--line)' },
});
