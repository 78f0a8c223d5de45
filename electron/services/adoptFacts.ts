/** What a moved history will not say, and what of the move a person must accept. */
import type { AdoptedRow } from '../../shared/model/adoption.ts';
import { type Comparison, isEffective, versionOf } from '../engine/compare.ts';
import type { CarriedFacts } from '../engine/ports.ts';
import type { AppliedMatch } from './adoptRules.ts';
import type { OpenSource } from './readSource.ts';

/** The codes in words, for those who are asked to accept them. */
export const adoptHazards: Readonly<Record<string, string>> = {
  matchedByOrder: 'Some migrations are matched by nothing but their place in the order: look at each pair.',
  otherSql: 'Some scripts say other SQL than the applied ones they stand for.',
  changedFiles:
    'Some files differ from what was applied: the new history gets the checksums of the files as they are now.',
};

export function hazardsOfMove(matched: readonly AppliedMatch[], rows: readonly AdoptedRow[]): string[] {
  return [
    ...(rows.some(({ matchedBy }) => matchedBy === 'order') ? ['matchedByOrder'] : []),
    ...(rows.some(({ sql }) => sql === 'sql') ? ['otherSql'] : []),
    ...(matched.some(({ row }) => row.status === 'changed') ? ['changedFiles'] : []),
  ];
}

interface Moved {
  readonly from: OpenSource;
  readonly to: OpenSource;
  readonly comparison: Comparison;
}

export function notCarried({ from, to, comparison }: Moved): string[] {
  const entries = comparison.rows.flatMap(({ entry }) => (isEffective(entry) && entry !== null ? [entry] : []));
  const carries = to.history.repairs?.carries ?? [];
  const [ours, theirs] = [from.tool.title, to.tool.title];
  const facts = Object.entries(words) as [keyof CarriedFacts, (typeof words)[keyof CarriedFacts]][];
  const told = facts.flatMap(([fact, { what, instead }]) => {
    const known = entries.some((entry) => entry[fact] !== null);
    if (known && !carries.includes(fact)) return [`${what}: ${theirs}’s entries do not take it over from ${ours}’s.`];
    return !known && carries.includes(fact) ? [`${what}: ${ours} does not tell it; ${instead}`] : [];
  });
  return [
    ...told,
    ...(to.migrations.some(({ checksum }) => checksum !== null)
      ? ['Checksums: they are computed from the files as they are now.']
      : []),
    ...left(comparison, 'reverted', `Rolled back, and not part of ${theirs}’s new history`),
    ...baselines(comparison),
  ];
}

const words: Readonly<Record<keyof CarriedFacts, { readonly what: string; readonly instead: string }>> = {
  appliedAt: { what: 'When each was applied', instead: 'the entries have the time of the move.' },
  appliedBy: { what: 'Who applied each', instead: 'the entries name whoever moves them.' },
  durationMs: { what: 'How long each took', instead: 'the entries say nothing, or what the tool writes for that.' },
};

function left({ rows }: Comparison, status: 'reverted', what: string): string[] {
  const versions = rows.filter((row) => row.status === status).map(versionOf);
  return versions.length === 0 ? [] : [`${what}: ${versions.join(', ')}.`];
}

function baselines({ rows }: Comparison): string[] {
  const versions = rows.filter(({ migration, entry }) => migration === null && entry?.state === 'baseline');
  return versions.length === 0
    ? []
    : [
        `Baselines without a file stand for what was there before, and are left out: ${versions.map(versionOf).join(', ')}.`,
      ];
}
