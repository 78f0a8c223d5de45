/** Words of the history: what runs and steps did. */
import { actionWords } from '../../texts.ts';

const words: Readonly<Record<string, string>> = { ...actionWords, apply: 'Apply', revert: 'Roll back' };

/** An action of a run or a step; an unknown one is told as it is. */
export const runActionWord = (action: string): string => words[action] ?? action;
