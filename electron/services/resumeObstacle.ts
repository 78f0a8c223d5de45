import type { Statement } from '../../shared/model/statement.ts';
import type { TargetDatabase } from './target.ts';

/** What a session held that is gone with it, by the statements that made it; null: nothing, or it is set again. */
export function resumeObstacle(done: readonly Statement[], { driver }: TargetDatabase): string | null {
  for (const { text, line } of done) {
    const words = driver.sql.tokensOf(text).map((word) => word.toUpperCase());
    const { kind } = driver.sql.classify(text);
    if (kind === 'definition' && makesTemporary(words))
      return `the temporary table of line ${line} went with the session`;
    if (kind === 'session' && words[0] === 'DECLARE') return `the cursor of line ${line} went with the session`;
    if (setsFromData(words)) return `the variable of line ${line} went with the session`;
  }
  return null;
}

const makesTemporary = (words: readonly string[]): boolean =>
  (words[0] === 'CREATE' || words[0] === 'SELECT') &&
  words.slice(0, 8).some((word) => word === 'TEMP' || word === 'TEMPORARY');

/** A user variable of MySQL whose value came from data: set again it might be another one. */
function setsFromData(words: readonly string[]): boolean {
  const variable = words.some(
    (word, index) => word.startsWith('@') && !word.startsWith('@@') && words[index - 1] !== '@',
  );
  if (!variable) return false;
  if (words[0] === 'SET')
    return (
      words.includes('SELECT') || words.some((word, index) => word === '(' && /^\w+$/.test(words[index - 1] ?? ''))
    );
  return words.includes('INTO') || words.includes(':=');
}
