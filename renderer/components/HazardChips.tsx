import { Tooltip } from '@mantine/core';
import type { Hazard } from '../../shared/model/plan.ts';
import type { Tone } from '../texts.ts';
import { focusable } from './focusable.ts';

const tones: Readonly<Record<Hazard['severity'], Tone>> = { notice: 'quiet', warning: 'attention', danger: 'danger' };
const glyphs: Readonly<Record<Hazard['severity'], string>> = { notice: '·', warning: '▲', danger: '✕' };

const gravity = ['notice', 'warning', 'danger'] as const;
const byGravity = (one: Hazard, other: Hazard): number =>
  gravity.indexOf(one.severity) - gravity.indexOf(other.severity);

export const hazardTone = (hazard: Hazard): Tone => tones[hazard.severity];

/** A hazard's code as words: `data-loss` and `dataLoss` become `Data loss`. */
export function hazardWords(code: string): string {
  const words = (code.split('.').at(-1) ?? code)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

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
  const kinds = [...new Map(told.toSorted(byGravity).map((hazard) => [hazard.code, hazard])).values()];
  return (
    <>
      {kinds.map((hazard) => (
        <Tooltip
          key={hazard.code}
          label={hazard.line === null ? hazard.message : `${hazard.message} (line ${hazard.line})`}
        >
          <span className="chip" data-tone={tones[hazard.severity]} {...focusable}>
            <span aria-hidden="true">{glyphs[hazard.severity]}</span>
            {hazardWords(hazard.code)}
          </span>
        </Tooltip>
      ))}
      {requiresDowntime && (
        <Fact tone="attention" glyph="▲" word="Downtime" why="Its author says that the application must be stopped." />
      )}
      {!reversible && (
        <Fact
          tone="attention"
          glyph="⟲̸"
          word="Irreversible"
          why="There is no down script: only a backup brings the old state back."
        />
      )}
      {!transactional && (
        <Fact
          tone="attention"
          glyph="▲"
          word="Not transactional"
          why="A failure can leave part of it behind; each statement is journaled."
        />
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
