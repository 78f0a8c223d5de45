/** What sqlx.toml sets of migrations (sqlx-core/src/config/migrate.rs). */
import { join, relative, sep } from 'node:path';
import type { Problem } from '../../../shared/problem.ts';
import { nearest } from '../common/detecting.ts';
import { folderWithin } from '../common/folder.ts';
import { readTomlFile, settingText, type Table, tableIn } from '../common/settingsFile.ts';

export interface SqlxSettings {
  /** The file, relative to the source's root; null: there is none. */
  readonly path: string | null;
  /** The folder of the migrations, relative to the source's root; empty: the root itself. */
  readonly folder: string;
  readonly table: string | null;
  /** Left out before the checksum is computed. */
  readonly ignoredCharacters: readonly string[];
}

export async function readSettings(root: string, problems: Problem[]): Promise<SqlxSettings> {
  const found = await nearest(root, ['sqlx.toml']);
  if (found === null) return { path: null, folder: '', table: null, ignoredCharacters: [] };
  const path = relative(root, join(found.folder, found.name)).split(sep).join('/');
  const settings = tableIn(await readTomlFile(root, path, problems), 'migrate');
  const named = path === 'sqlx.toml' ? settingText(settings['migrations-dir']) : null;
  return {
    path,
    folder: named === null ? '' : ((await folderWithin(root, named)) ?? ''),
    table: settingText(settings['table-name']),
    ignoredCharacters: ignoredIn(settings),
  };
}

function ignoredIn(settings: Table): string[] {
  const listed = settings['ignored-chars'];
  return Array.isArray(listed) ? listed.flatMap((one) => settingText(one) ?? []) : [];
}
