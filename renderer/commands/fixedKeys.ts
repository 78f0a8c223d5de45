/** Keys that are no commands: of lists and fields, and of the window itself. For the shortcuts sheet. */
import { commandTexts as texts } from './texts.ts';

interface FixedKeys {
  readonly title: string;
  readonly entries: readonly { readonly what: string; readonly keys: readonly string[] }[];
}

export const fixedKeys: readonly FixedKeys[] = [
  {
    title: texts.inLists,
    entries: [
      { what: texts.moveRows, keys: ['↑', '↓'] },
      { what: texts.moveFar, keys: ['Home', 'End'] },
      { what: texts.openRow, keys: ['Enter'] },
      { what: texts.walkControls, keys: ['←', '→'] },
      { what: texts.close, keys: ['Esc'] },
    ],
  },
  {
    title: texts.inMatrix,
    entries: [
      { what: texts.moveCells, keys: ['←', '↑', '↓', '→'] },
      { what: texts.openCell, keys: ['Enter'] },
      { what: texts.selectColumn, keys: ['Space'] },
      { what: texts.selectAll, keys: ['mod+a'] },
    ],
  },
  {
    title: texts.window,
    entries: [
      { what: texts.larger, keys: ['mod++'] },
      { what: texts.smaller, keys: ['mod+-'] },
      { what: texts.usualSize, keys: ['mod+0'] },
    ],
  },
];
