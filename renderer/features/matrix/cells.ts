/** What a cell says: shape, word and colour, and its name for those who do not see it. Pure. */
import type { MatrixColumn, MatrixStatus } from '../../../shared/model/matrix.ts';
import { type MatrixProject, statusAt } from '../../../shared/model/matrixRows.ts';
import { formatCount, formatTime } from '../../format.ts';
import type { Mark } from '../../texts.ts';
import type { LayoutColumn, LayoutRow, Member, SummaryFact } from './layout.ts';
import { shortWords, statusMarks, matrixTexts as texts } from './matrixTexts.ts';

export interface CellFacts extends Mark {
  /** Where there is room for a number only. */
  readonly brief?: string;
  /** `word` in full. */
  readonly title: string;
  /** What it means, in a sentence. */
  readonly meaning: string;
}

const applied: ReadonlySet<MatrixStatus> = new Set<MatrixStatus>(['applied', 'baseline', 'outdated', 'changed']);
type Seen = Exclude<MatrixStatus, 'absent' | 'unread'>;
/** What stands for many cells: the first of these that one of them has. */
const gravest: readonly Seen[] = [
  'failed',
  'interrupted',
  'running',
  'changed',
  'missing',
  'outOfOrder',
  'pending',
  'outdated',
  'reverted',
  'applied',
  'baseline',
];

export function migrationCell(project: MatrixProject, row: number, column: LayoutColumn): CellFacts {
  if (column.kind === 'environment') {
    return plainFacts(statusAt(project, row, column.column));
  }
  const statuses = column.members.map((member) => statusAt(project, row, member.column));
  const here = statuses.filter((status): status is Seen => status !== 'absent' && status !== 'unread');
  const grave = gravest.find((status) => here.includes(status));
  if (grave === undefined) return plainFacts(statuses.includes('unread') ? 'unread' : 'absent');
  const count = here.filter((status) => applied.has(status)).length;
  return {
    glyph: statusMarks[grave].glyph,
    tone: statusMarks[grave].tone,
    word: `${count}/${here.length}`,
    title: texts.applied(count, here.length),
    meaning: `${texts.applied(count, here.length)}. ${statusMarks[grave].word}.`,
  };
}

function plainFacts(status: MatrixStatus): CellFacts {
  const { glyph, tone, word, meaning } = statusMarks[status];
  return { glyph, tone, word: shortWords[status] ?? word, title: word, meaning };
}

export function factCell(fact: SummaryFact, column: LayoutColumn): CellFacts {
  const members = column.kind === 'group' ? column.members : [column];
  const { value, none, many } = factValues[fact];
  const values = members.map(value);
  const found = values.filter((one) => typeof one === 'number');
  const meaning = texts.factMeanings[fact];
  if (found.length === 0) {
    const why = values.find((one) => typeof one === 'string') ?? '';
    return { glyph: '–', tone: 'quiet', word: why, title: why, meaning };
  }
  const total = found.reduce((sum, one) => sum + one, 0);
  if (total === 0) return { glyph: '✓', tone: 'ok', word: none, title: none, meaning };
  const word = many(total);
  const brief = String(total);
  return fact === 'pending'
    ? { glyph: '○', tone: 'quiet', word, title: word, brief, meaning }
    : { glyph: '▲', tone: 'attention', word, title: word, brief, meaning };
}

/** A number, or why there is none. */
const factValues: Readonly<
  Record<
    SummaryFact,
    {
      readonly value: (member: Member) => number | string;
      readonly none: string;
      readonly many: (count: number) => string;
    }
  >
> = {
  pending: {
    value: ({ column }) => column.known?.pending ?? 'Not read',
    none: 'Up to date',
    many: (count) => `${count} pending`,
  },
  drift: {
    value: ({ column: { drift } }) => (drift === null ? 'Not compared' : (drift.changes ?? 'Not recorded')),
    none: 'No drift',
    many: (count) => formatCount(count, 'change'),
  },
  checksums: {
    value: ({ column: { known } }) => (known === null ? 'Not read' : (known.changed ?? 'Not kept')),
    none: 'As applied',
    many: (count) => `${count} changed`,
  },
};

/** Why a column is not what its database says now: `Last known 14:02`. Null: it is. */
export function staleWords({ problem, known }: MatrixColumn, hasFolder: boolean): string | null {
  if (!hasFolder) return texts.noFolder;
  if (problem === null) return null;
  return known === null ? texts.neverRead : texts.lastKnown(formatTime(known.readAt));
}

export const isStale = (column: LayoutColumn): boolean =>
  column.kind === 'environment' && column.column.problem !== null;

export const nameOfColumn = (column: LayoutColumn): string =>
  column.kind === 'environment'
    ? column.summary.environment.name
    : texts.openGroup(column.group === '' ? texts.noGroup : column.group, column.members.length);

export function nameOfMigration({ project, row }: LayoutRow & { kind: 'migration' }): string {
  const migration = project.rows[row];
  return migration === undefined ? '' : `${migration.version} ${migration.name}`.trim();
}
