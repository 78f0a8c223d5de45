/** How the matrix is looked at: remembered on this computer. */
import { create } from 'zustand';

const storageKey = 'lockkeeper.matrix';

export const rowChoices = ['all', 'open', 'attention'] as const;
export type RowChoice = (typeof rowChoices)[number];
export const columnOrders = ['tier', 'pending', 'attention', 'read'] as const;
export type ColumnOrder = (typeof columnOrders)[number];

export interface MatrixOptions {
  /** What the home screen shows. */
  readonly view: 'cards' | 'matrix';
  readonly rows: RowChoice;
  readonly order: ColumnOrder;
  readonly newestFirst: boolean;
  readonly words: boolean;
  /** Names of groups. */
  readonly folded: readonly string[];
}

const usual: MatrixOptions = { view: 'cards', rows: 'all', order: 'tier', newestFirst: true, words: true, folded: [] };

export const useMatrixOptions = create<MatrixOptions>(() => remembered());

export function changeOptions(change: Partial<MatrixOptions>): void {
  useMatrixOptions.setState(change);
  window.localStorage.setItem(storageKey, JSON.stringify(useMatrixOptions.getState()));
}

/** What is not as it should be is as it usually is. */
function remembered(): MatrixOptions {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(storageKey) ?? '{}');
    return typeof stored === 'object' && stored !== null ? sound(stored) : usual;
  } catch {
    return usual;
  }
}

export function sound(stored: Readonly<Partial<Record<keyof MatrixOptions, unknown>>>): MatrixOptions {
  const { folded } = stored;
  return {
    view: stored.view === 'matrix' ? 'matrix' : 'cards',
    rows: rowChoices.find((one) => one === stored.rows) ?? usual.rows,
    order: columnOrders.find((one) => one === stored.order) ?? usual.order,
    newestFirst: typeof stored.newestFirst === 'boolean' ? stored.newestFirst : usual.newestFirst,
    words: typeof stored.words === 'boolean' ? stored.words : usual.words,
    folded: Array.isArray(folded) ? folded.filter((name) => typeof name === 'string') : usual.folded,
  };
}
