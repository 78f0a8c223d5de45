/** What was saved in this window and can be taken back, the last one first. */
import { create } from 'zustand';
import type { Problem } from '../../../shared/problem.ts';
import { announce } from '../../components/LiveRegion.tsx';
import { toProblem } from '../../problem.ts';
import { settingsTexts as texts } from './texts.ts';

interface SavedChange {
  /** What was changed, e.g. `Theme`. */
  readonly label: string;
  /** Puts the earlier value back. */
  readonly undo: () => Promise<void>;
}

interface UndoState {
  readonly changes: readonly SavedChange[];
  readonly busy: boolean;
  /** Of the last attempt to undo. */
  readonly problem: Problem | null;
}

export const useUndo = create<UndoState>(() => ({ changes: [], busy: false, problem: null }));

const remembered = 50;

export const remember = (change: SavedChange): void =>
  useUndo.setState(({ changes }) => ({ changes: [...changes, change].slice(-remembered), problem: null }));

let going: Promise<void> = Promise.resolve();

/** One after the other, however fast they are asked for. Never rejects: why one could not be undone is in the state. */
export function undoLast(): Promise<void> {
  going = going.then(undoOne);
  return going;
}

async function undoOne(): Promise<void> {
  const last = useUndo.getState().changes.at(-1);
  if (last === undefined) return;
  useUndo.setState({ busy: true, problem: null });
  try {
    await last.undo();
    useUndo.setState((state) => ({ changes: state.changes.filter((one) => one !== last), busy: false }));
    announce(texts.undone(last.label));
  } catch (thrown) {
    useUndo.setState({ busy: false, problem: toProblem(thrown) });
  }
}
