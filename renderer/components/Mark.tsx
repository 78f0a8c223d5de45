import type { Mark as MarkValue } from '../texts.ts';

/** A status: shape, word and colour together. */
export function Mark({ mark, title }: { mark: MarkValue; title?: string }) {
  return (
    <span className="mark" data-tone={mark.tone} title={title}>
      <span className="glyph" aria-hidden="true">
        {mark.glyph}
      </span>
      <span className="clip">{mark.word}</span>
    </span>
  );
}
