/** How a script differs from the one that was applied: in line ends, in comments, or in what it does. Pure. */
import { createHash } from 'node:crypto';
import type { Script } from '../../shared/model/migration.ts';
import type { DifferenceKind } from '../../shared/model/repair.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { SqlText } from './ports.ts';

export function compareScripts(applied: string, current: string, sql: SqlText): Exclude<DifferenceKind, 'unknown'> {
  if (applied === current) return 'same';
  if (withLineFeeds(applied) === withLineFeeds(current)) return 'lineEndings';
  const [before, now] = [meaningOf(applied, sql), meaningOf(current, sql)];
  return before !== null && before === now ? 'comments' : 'sql';
}

/** Line ends as LF; a byte-order mark and the file's last line breaks do not count. */
const withLineFeeds = (text: string): string =>
  text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\n+$/, '');

/** The tokens of all statements and the data between them; null when the script cannot be split. */
function meaningOf(text: string, sql: SqlText): string | null {
  try {
    const splitter = sql.createSplitter({});
    const pieces = [...splitter.push(text), ...splitter.finish()];
    return JSON.stringify(
      pieces.map((piece) => (piece.kind === 'statement' ? sql.tokensOf(piece.statement.text) : piece.text)),
    );
  } catch (thrown) {
    if (thrown instanceof ProblemError) return null;
    throw thrown;
  }
}

/**
 * Whether the recorded checksum is that of the same text saved in another way. Only for a tool that hashes the script's
 * bytes, which shows in its checksum of the file.
 */
export function isResaved(text: string, script: Script, checksum: string | null, recorded: string): boolean {
  if (checksum !== script.sha256) return false;
  const lines = withLineFeeds(text);
  const endings = ['\n', '\r\n', '\r'];
  const variants = endings.flatMap((end) => {
    const saved = lines.replaceAll('\n', end);
    return [saved, saved + end, `\uFEFF${saved}`, `\uFEFF${saved}${end}`];
  });
  return variants.some((variant) => createHash('sha256').update(variant).digest('hex') === recorded);
}
