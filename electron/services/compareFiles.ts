import type { Script } from '../../shared/model/migration.ts';
import type { DifferenceKind } from '../../shared/model/repair.ts';
import { compareScripts } from '../engine/compareScripts.ts';
import type { SqlText } from '../engine/ports.ts';
import { readScript } from './keepScripts.ts';
import type { Match } from './matchMigrations.ts';
import type { OpenSource } from './readSource.ts';

/** Bytes of a script that is compared. */
const mostCompared = 1024 * 1024;

interface Sides {
  readonly from: OpenSource;
  readonly to: OpenSource;
  /** Of a file that is not written yet; null: it is there. */
  readonly text: string | null;
}

/** How the scripts of a match differ: the database has what the first one says. */
export async function differenceOfFiles(
  match: Match,
  { from, to, text }: Sides,
  sql: SqlText,
): Promise<DifferenceKind> {
  const [before, now] = [match.from.up, match.to.up];
  if ([before, now].some(isIncomparable)) return 'unknown';
  const applied = await readScript(before, from.scripts);
  return compareScripts(applied, text === null ? await readScript(now, to.scripts) : sectionOf(text, now), sql);
}

const isIncomparable = ({ kind, bytes }: Script): boolean => kind === 'program' || bytes > mostCompared;

const sectionOf = (text: string, script: Script): string =>
  script.kind === 'file' ? Buffer.from(text).subarray(script.start, script.end).toString() : '';
