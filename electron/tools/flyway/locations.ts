/** Where the migrations of a Flyway project are: folders within the source, from its setting `locations`. */
import type { Problem } from '../../../shared/problem.ts';
import { folderWithin } from '../common/folder.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import type { FlywaySettings } from './settings.ts';

/** Relative to `root`, with `/`; the root itself is empty. Settings above the root say that the root is a location. */
export async function foldersOf(root: string, settings: FlywaySettings, problems: Problem[]): Promise<string[]> {
  if (!settings.inRoot || settings.locations === null) return [''];
  const folders = new Set<string>();
  for (const location of settings.locations) {
    const folder = await folderOf(root, location);
    if (folder !== null) folders.add(folder);
    else problems.push(unknownLocation(location, settings.path ?? ''));
  }
  return [...folders];
}

async function folderOf(root: string, location: string): Promise<string | null> {
  const [, kind = 'classpath', path = ''] = /^(?:(filesystem|classpath|s3|gcs):)?(.*)$/s.exec(location) ?? [];
  if (kind === 's3' || kind === 'gcs' || /[*?]/.test(path)) return null;
  const places = kind === 'filesystem' ? [path] : [`src/main/resources/${path}`, path];
  for (const place of places) {
    const within = await folderWithin(root, place);
    if (within !== null) return within;
  }
  return null;
}

function unknownLocation(location: string, path: string): Problem {
  const message = `${path} names the location ${printable(location)}, which is no folder within this source.`;
  const hint =
    'Choose the folder with the migrations itself, or correct the setting; wildcards and remote places are not read.';
  return sourceProblem('source.unsupported', message, hint, { path });
}
