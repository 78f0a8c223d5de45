/** `structure.sql`: a dump by the database's own program, and the versions it holds in an INSERT at its end. */
import { join } from 'node:path';
import type { Problem } from '../../../shared/problem.ts';
import { headOf } from '../common/detecting.ts';
import { readWholeText } from '../common/wholeText.ts';

export const structureFile = 'structure.sql';

/** Null when there is no such dump. */
export async function versionsInStructure(folder: string, problems: Problem[]): Promise<Set<string> | null> {
  if ((await headOf(folder, structureFile)) === null) return null;
  const text = await readWholeText(folder, structureFile, 'its last statement cannot be found');
  if (typeof text !== 'string') {
    problems.push({ ...text, path: join('..', structureFile) });
    return null;
  }
  const list = /INSERT INTO\s+["`]?(?:\w+["`]?\.["`]?)?schema_migrations["`]?\s*\(version\)\s*VALUES([\s\S]*?);/i.exec(
    text,
  )?.[1];
  return new Set([...(list ?? '').matchAll(/\(\s*'(\d+)'\s*\)/g)].map(([, version = '']) => version));
}
