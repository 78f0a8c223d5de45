/** Words of the matrix. */
import type { MatrixStatus } from '../../../shared/model/matrix.ts';
import { formatCount, formatNumber } from '../../format.ts';
import { type Mark, migrationMarks, runningMark } from '../../texts.ts';

export const statusMarks: Readonly<Record<MatrixStatus, Mark & { readonly meaning: string }>> = {
  ...migrationMarks,
  running: { ...runningMark, meaning: 'A run is at it now.' },
  absent: {
    glyph: '·',
    word: 'Not in its folder',
    tone: 'quiet',
    meaning: 'The folder of this environment has no such migration.',
  },
  unread: {
    glyph: '?',
    word: 'Not read yet',
    tone: 'quiet',
    meaning: 'This environment was never read, so nothing is known of it.',
  },
};

/** Of cells that have room for few letters. */
export const shortWords: Readonly<Partial<Record<MatrixStatus, string>>> = { absent: '', unread: 'Not read' };

export const matrixTexts = {
  cards: 'Cards',
  matrix: 'Matrix',
  view: 'Show environments as',
  grid: 'Version matrix',
  filterMigrations: 'Filter migrations',
  rowsShown: 'Migrations to show',
  rows: { all: 'All migrations', open: 'Not applied everywhere', attention: 'Needs attention' },
  orderOf: 'Order of environments',
  order: {
    tier: 'By tier and name',
    pending: 'Most pending first',
    attention: 'Attention first',
    read: 'Oldest reading first',
  },
  newestFirst: 'Newest first',
  words: 'Words in cells',
  legend: 'Legend',
  export: 'Export',
  exportCsv: 'As CSV, for a spreadsheet',
  exportJson: 'As JSON',
  readAgain: 'Read again',
  reading: (done: number, total: number) => `Reading ${formatNumber(done)} of ${formatNumber(total)}`,
  opening: 'Opening the matrix',
  migrations: 'Migrations',
  groups: 'Groups',
  lastKnownWord: 'last known',
  allOf: (count: number) => `${formatCount(count, 'environment')}, folded`,
  noGroup: 'No group',
  noMigrations: 'No migration is shown',
  noMigrationsWhy: 'No environment has been read, or no migration has these words.',
  clear: 'Clear the filter',
  facts: { pending: 'Pending', drift: 'Drift', checksums: 'Checksums' },
  factMeanings: {
    pending: 'Migrations of the folder that are not applied yet.',
    drift: 'Changes of the schema that no migration made, since the last run.',
    checksums: 'Files that are not the ones that were applied.',
  },
  lastKnown: (time: string) => `Last known ${time}`,
  neverRead: 'Never reached',
  noFolder: 'No folder',
  foldedGroup: (name: string) => `${name}, folded`,
  openGroup: (name: string, count: number) => `${name}, ${formatCount(count, 'environment')}`,
  folders: (count: number) => formatCount(count, 'folder'),
  selected: (count: number) => `${formatCount(count, 'environment')} selected`,
  noneSelected: 'No environment selected',
  clearSelection: 'Clear the selection',
  planTo: (version: string) => `Plan up to ${version}…`,
  planSelected: (count: number) => (count === 1 ? 'Plan…' : `Plan ${formatNumber(count)}…`),
  open: {
    migration: 'Open the migration',
    environment: 'Open',
    pending: 'Open the plan',
    drift: 'Open the schema',
    checksums: 'Open the history',
  },
  cell: 'The chosen cell',
  chooseCell: 'Arrows move, Enter opens, Space selects a column, P plans.',
  applied: (applied: number, total: number) => `${formatNumber(applied)} of ${formatNumber(total)} applied`,
  plans: 'Plans',
  plansWhy: 'Each is looked at and started by itself.',
  openPlan: 'Open the plan',
  upToDate: 'Up to date',
  planning: 'Planning…',
  steps: (count: number) => formatCount(count, 'migration'),
  about: (duration: string) => `about ${duration}`,
  noneNamed: 'No environment is named',
  needs: (words: string) => `Asks for ${words}`,
} as const;
