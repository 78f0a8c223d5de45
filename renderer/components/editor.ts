/** What every read-only editor shares: theme, line numbers, colours of SQL. */
import { MariaSQL, PostgreSQL, type SQLDialect, SQLite, sql } from '@codemirror/lang-sql';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightSpecialChars, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { EngineId } from '../../shared/model/environment.ts';
import { styleNonce } from '../theme.ts';

export const dialects: Readonly<Record<EngineId, SQLDialect>> = {
  postgres: PostgreSQL,
  mysql: MariaSQL,
  sqlite: SQLite,
};

/** `firstLine`: number of the first line in its file, 1-based. */
export const readOnlyText = (label: string, firstLine: number): Extension => [
  EditorView.cspNonce.of(styleNonce()),
  EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
  // Characters that are not seen, or that turn the direction of reading, could hide what a script does.
  highlightSpecialChars(),
  lineNumbers({ formatNumber: (line) => String(line + firstLine - 1) }),
  colours,
];

/** Null: no SQL, shown plain. */
export const language = (engine: EngineId | null): Extension =>
  engine === null ? [] : [sql({ dialect: dialects[engine] }), syntaxHighlighting(highlighting)];

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
