import { Tooltip } from '@mantine/core';
import type { Hazard } from '../../shared/model/plan.ts';
import type { Tone } from '../texts.ts';
import { focusable } from './focusable.ts';
import { componentTexts as texts } from './texts.ts';

const tones: Readonly<Record<Hazard['severity'], Tone>> = { notice: 'quiet', warning: 'attention', danger: 'danger' };
const glyphs: Readonly<Record<Hazard['severity'], string>> = { notice: '·', warning: '▲', danger: '✕' };

const gravity = ['notice', 'warning', 'danger'] as const;
const byGravity = (one: Hazard, other: Hazard): number =>
  gravity.indexOf(one.severity) - gravity.indexOf(other.severity);

/** What a rehearsal refuted stands behind everything else of its kind. */
const truth = ({ seen }: Hazard): number => (seen === 'refuted' ? 0 : 1);

export const hazardTone = (hazard: Hazard): Tone => tones[hazard.severity];

/** A hazard's code as words: `data-loss` and `dataLoss` become `Data loss`. */
export function hazardWords(code: string): string {
  const words = (code.split('.').at(-1) ?? code)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a rehearsal has shown of the guess. */
const seenWords = {
  confirmed: texts.seenInTheRehearsal,
  refuted: texts.notSoInTheRehearsal,
  untried: '',
} as const;

interface FactChipsProps {
  readonly hazards: readonly Hazard[];
  readonly transactional: boolean;
  readonly reversible: boolean;
  readonly requiresDowntime: boolean;
}

/** What makes a step need attention, one chip per kind. */
export function FactChips({ hazards, transactional, reversible, requiresDowntime }: FactChipsProps) {
  // What is irreversible has a chip of its own.
  const told = reversible ? hazards : hazards.filter(({ code }) => code !== 'irreversible');
  // Of several of a kind the gravest is shown.
  const byWeight = told.toSorted((one, other) => truth(one) - truth(other) || byGravity(one, other));
  const kinds = [...new Map(byWeight.map((hazard) => [hazard.code, hazard])).values()];
  return (
    <>
      {kinds.map((hazard) => (
        <Tooltip
          key={hazard.code}
          label={`${hazard.message}${hazard.line === null ? '' : texts.line(hazard.line)}${seenWords[hazard.seen ?? 'untried']}`}
        >
          <span
            className="chip"
            data-tone={hazard.seen === 'refuted' ? 'quiet' : tones[hazard.severity]}
            {...focusable}
          >
            <span aria-hidden="true">{hazard.seen === 'refuted' ? '⊘' : glyphs[hazard.severity]}</span>
            {hazardWords(hazard.code)}
            {hazard.seen !== undefined && <span className="hidden-text">{seenWords[hazard.seen]}</span>}
          </span>
        </Tooltip>
      ))}
      {requiresDowntime && <Fact tone="attention" glyph="▲" word={texts.downtime} why={texts.itsAuthorSaysThatThe} />}
      {!reversible && <Fact tone="attention" glyph="⟲̸" word={texts.irreversible} why={texts.thereIsNoDownScript} />}
      {!transactional && (
        <Fact tone="attention" glyph="▲" word={texts.notTransactional} why={texts.aFailureCanLeavePart} />
      )}
    </>
  );
}

function Fact({ tone, glyph, word, why }: { tone: Tone; glyph: string; word: string; why: string }) {
  return (
    <Tooltip label={why}>
      <span className="chip" data-tone={tone} {...focusable}>
        <span aria-hidden="true">{glyph}</span>
        {word}
      </span>
    </Tooltip>
  );
}
