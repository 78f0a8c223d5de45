import type { Tone } from '../../texts.ts';
import './gate.css';
import { gateTexts as texts } from './texts.ts';

export interface StageView {
  readonly name: string;
  readonly glyph: string;
  readonly tone: Tone;
  /** What is known of it now. */
  readonly say: string;
}

/** The way ahead in a few words, each with what is known of it now. */
export function StageList({ stages }: { stages: readonly StageView[] }) {
  return (
    <ol className="panel stages" aria-label={texts.stages}>
      {stages.map(({ name, glyph, tone, say }) => (
        <li key={name}>
          <span className="name">
            <span className="mark bare" data-tone={tone}>
              <span className="glyph" aria-hidden="true">
                {glyph}
              </span>
            </span>
            {name}
          </span>
          <span className="say">{say}</span>
        </li>
      ))}
    </ol>
  );
}
