/** What a rehearsal has seen, in words and in places on a line of time. */
import type { Estimate, Hazard, HazardCategory } from '../../../shared/model/plan.ts';
import type {
  Rehearsal,
  RehearsalCopy,
  RehearsedBack,
  RehearsedStatement,
  RehearsedStep,
  SeenLock,
} from '../../../shared/model/rehearsal.ts';
import { formatCount, formatDuration } from '../../format.ts';
import type { Mark, Tone } from '../../texts.ts';

export const copyWords: Readonly<Record<RehearsalCopy['kind'], string>> = {
  data: 'a copy with its rows',
  schema: 'a copy of its schema, without rows',
  subset: 'a copy with some of its rows',
};

/** Did the way forth work, and the way back? */
export function verdict({ outcome, back }: Pick<Rehearsal, 'outcome' | 'back'>): Mark {
  if (outcome === 'failed') return { glyph: '✕', word: 'Failed', tone: 'danger' };
  if (back?.problem != null) return { glyph: '▲', word: 'Passed, but not back', tone: 'attention' };
  return { glyph: '✓', word: 'Passed', tone: 'ok' };
}

export const keepsOutTones: Readonly<Record<SeenLock['keepsOut'], Tone>> = {
  everybody: 'danger',
  writers: 'attention',
  changes: 'quiet',
};
export const keepsOutWords: Readonly<Record<SeenLock['keepsOut'], string>> = {
  everybody: 'keeps out everybody',
  writers: 'keeps out writers',
  changes: 'keeps out other changes of the schema',
};

/** What of a statement can be told beside its time: each with how much it matters. */
export function seenFacts(one: RehearsedStatement): readonly { readonly text: string; readonly tone: Tone }[] {
  const { rewritten, scanned, algorithm, rows, lockedRows } = one;
  return [
    ...(rewritten ?? []).map((table) => ({ text: `${table} written anew`, tone: 'danger' as const })),
    ...(scanned ?? []).map((table) => ({ text: `${table} read as a whole`, tone: 'attention' as const })),
    ...(algorithm === null
      ? []
      : [
          {
            text: `${algorithm.algorithm}, LOCK=${algorithm.lock}`,
            tone: algorithm.algorithm === 'COPY' ? ('danger' as const) : ('quiet' as const),
          },
        ]),
    ...(rows === null ? [] : [{ text: formatCount(rows, 'row'), tone: 'quiet' as const }]),
    ...(lockedRows === null ? [] : [{ text: `${formatCount(lockedRows, 'row')} locked`, tone: 'attention' as const }]),
  ];
}

const byGravity: readonly SeenLock['keepsOut'][] = ['everybody', 'writers', 'changes'];
const gravity = ({ keepsOut }: Pick<LockBar, 'keepsOut'>): number => byGravity.indexOf(keepsOut);

export interface LockBar {
  readonly table: string;
  readonly mode: string;
  readonly keepsOut: SeenLock['keepsOut'];
  /** 1-based line of the statement that took it. */
  readonly line: number;
  /** Milliseconds since the step began. */
  readonly from: number;
  readonly until: number;
}

/**
 * When each lock was taken and how long it lasted: to the end of the step where that is one transaction of an engine
 * that keeps them so long, else to the end of its statement.
 */
export function lockBars(
  { statements, transactional }: Pick<RehearsedStep, 'statements' | 'transactional'>,
  engine: string,
): { readonly bars: readonly LockBar[]; readonly totalMs: number } {
  const totalMs = statements.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const lasts = engine === 'postgres' && transactional !== false;
  const bars: LockBar[] = [];
  let from = 0;
  for (const { line, durationMs, locks } of statements) {
    for (const { table, mode, keepsOut } of locks ?? [])
      bars.push({ table, mode, keepsOut, line, from, until: lasts ? totalMs : from + durationMs });
    from += durationMs;
  }
  // The graver one is drawn over the others.
  return { bars: bars.toSorted((one, other) => gravity(other) - gravity(one)), totalMs };
}

/** What rolling back has shown, in sentences. */
export function backSentences(back: RehearsedBack | null, direction: Rehearsal['direction']): readonly string[] {
  if (back === null)
    return [direction === 'down' ? 'This plan is a way back itself.' : 'It was not tried, as the plan failed.'];
  const { versions, stoppedAt, schema, rows, countedOnly, again } = back;
  const stopped = stoppedAt === null ? [] : [`${stoppedAt} has no way back.`];
  if (versions.length === 0) return ['Nothing was rolled back.', ...stopped];
  return [
    `Rolled back: ${versions.join(', ')}.`,
    ...stopped,
    schema.length === 0 ? 'The schema before is restored.' : 'The schema before is not restored.',
    rows.length === 0 ? 'No table has other rows than before.' : 'Some tables have other rows than before.',
    ...(countedOnly.length === 0 ? [] : [`Of these only the number of rows was compared: ${countedOnly.join(', ')}.`]),
    again.length === 0 ? 'Applied again, it leaves the same schema.' : 'Applied again, it leaves another schema.',
  ];
}

/** One thing that was guessed before, and what the copy has shown; null: nothing was told. */
export interface Comparison {
  readonly name: string;
  readonly guess: string | null;
  readonly seen: string | null;
}

interface Guesses {
  readonly hazards: readonly Hazard[];
  readonly estimate: Estimate | null;
  readonly reversible: boolean;
}

/** What a script's reading had foretold beside what its rehearsal saw. */
export function compareWithGuess(
  { hazards, estimate, reversible }: Guesses,
  step: RehearsedStep | null,
  back: RehearsedBack | null,
): readonly Comparison[] {
  const guessed = (...categories: readonly HazardCategory[]): string | null => {
    const lines = hazards
      .filter(({ category }) => category !== undefined && categories.includes(category))
      .map(({ line }) => line ?? 0);
    return lines.length === 0 ? null : `line ${[...new Set(lines)].join(', ')}`;
  };
  const statements = step?.statements ?? [];
  const tables = (found: readonly (readonly string[] | null)[]): string | null => {
    if (step === null || found.every((one) => one === null)) return null;
    const names = [...new Set(found.flatMap((one) => one ?? []))];
    return names.length === 0 ? 'none' : names.join(', ');
  };
  const lockedFor = (...who: readonly SeenLock['keepsOut'][]) =>
    tables(
      statements.map(
        ({ locks }) => locks?.filter(({ keepsOut }) => who.includes(keepsOut)).map(({ table }) => table) ?? null,
      ),
    );
  return [
    {
      name: 'Duration',
      guess: estimate === null || estimate.source === 'rehearsal' ? null : `about ${formatDuration(estimate.ms)}`,
      seen: step === null || step.outcome === 'notExecuted' ? null : durationSeen(step),
    },
    { name: 'Keeps out everybody', guess: guessed('locksReads'), seen: lockedFor('everybody') },
    { name: 'Keeps out writers', guess: guessed('locksWrites'), seen: lockedFor('everybody', 'writers') },
    {
      name: 'Written anew',
      guess: guessed('rewritesTable'),
      seen: tables(statements.map(({ rewritten }) => rewritten)),
    },
    { name: 'Read as a whole', guess: guessed('scansTable'), seen: tables(statements.map(({ scanned }) => scanned)) },
    {
      name: 'Way back',
      guess: reversible ? 'a down script' : 'none',
      seen: step === null ? null : backSeen(back, step),
    },
  ];
}

const durationSeen = ({ durationMs, estimateMs }: RehearsedStep): string =>
  estimateMs === null ? formatDuration(durationMs) : `about ${formatDuration(estimateMs)}`;

function backSeen(back: RehearsedBack | null, { version }: RehearsedStep): string | null {
  if (back === null) return null;
  if (!back.versions.includes(version)) return back.stoppedAt === null ? null : 'not tried';
  return back.problem === null ? 'restores schema and rows' : 'does not restore what was before';
}
