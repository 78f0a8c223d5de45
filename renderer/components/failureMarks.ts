/** The place of a failure in an editor: its line, the word at its column, and below it what the server said. */
import { type EditorState, type Extension, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter, WidgetType } from '@codemirror/view';
import type { FailureMark } from '../../shared/model/scriptLines.ts';

/** `firstLine`: the file's line of the text's first character. */
export function failureMarks(failure: FailureMark, firstLine: number): Extension {
  const line = failure.line - firstLine + 1;
  const field = StateField.define<DecorationSet>({
    create: (state) => decorate(state, failure, line),
    update: (marks) => marks,
    provide: (marks) => EditorView.decorations.from(marks),
  });
  return [
    field,
    gutter({
      class: 'cm-failures',
      lineMarker: (view, block) => (view.state.doc.lineAt(block.from).number === line ? new FailedLine() : null),
    }),
  ];
}

function decorate(state: EditorState, { column, message }: FailureMark, number: number): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  if (number < 1 || number > state.doc.lines) return marks.finish();
  const line = state.doc.line(number);
  marks.add(line.from, line.from, Decoration.line({ class: 'cm-failed-line' }));
  const word = column === null ? null : wordAt(line.text, column - 1);
  if (word !== null)
    marks.add(line.from + word.start, line.from + word.end, Decoration.mark({ class: 'cm-failed-word' }));
  marks.add(line.to, line.to, Decoration.widget({ widget: new Said(message), block: true, side: 1 }));
  return marks.finish();
}

/** What stands at an offset: a word, or one sign; null where the line has ended. */
export function wordAt(text: string, offset: number): { readonly start: number; readonly end: number } | null {
  if (offset < 0 || offset >= text.length) return null;
  const word = /^[\p{L}\p{N}_$]+/u.exec(text.slice(offset))?.[0].length ?? 1;
  return { start: offset, end: offset + word };
}

const lookAt = StateEffect.define<number>();

/** The line that was brought into view last. */
export const lookedAt: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, state }) {
    const line = effects.find((effect) => effect.is(lookAt))?.value;
    if (line === undefined) return marks;
    return Decoration.set([Decoration.line({ class: 'cm-looked-at' }).range(state.doc.line(line).from)]);
  },
  provide: (marks) => EditorView.decorations.from(marks),
});

/** `number`: of the editor's own lines, 1-based; nothing happens for another. Scrolls the editor, never the page around it. */
export function revealLine(view: EditorView, number: number): void {
  if (number < 1 || number > view.state.doc.lines) return;
  const { from } = view.state.doc.line(number);
  view.dispatch({ selection: { anchor: from }, effects: lookAt.of(number) });
  view.requestMeasure({
    read: () => view.lineBlockAt(from).top - view.scrollDOM.clientHeight / 2,
    write: (top) => {
      view.scrollDOM.scrollTop = top;
    },
  });
}

class FailedLine extends GutterMarker {
  override toDOM(): HTMLElement {
    const mark = document.createElement('span');
    mark.className = 'cm-hazard';
    mark.dataset['tone'] = 'danger';
    mark.title = 'It failed here';
    mark.textContent = '✕';
    return mark;
  }
}

class Said extends WidgetType {
  readonly #message: string;

  constructor(message: string) {
    super();
    this.#message = message;
  }

  override toDOM(): HTMLElement {
    const said = document.createElement('div');
    said.className = 'cm-failed-words';
    said.textContent = `✕ ${this.#message}`;
    return said;
  }
}
