// File names of archives: they sort by time, tell what they are, and are valid on every file system.
import type { EngineId } from '../../../shared/model/environment.ts';
import type { BackupRequest } from '../backupTaker.ts';

const extensions: Readonly<Record<EngineId, string>> = { postgres: 'pgdump', mysql: 'sql', sqlite: 'sqlite' };

/** `<environment>_<UTC time>_<id>.<pgdump|sql|sqlite>.zst`, encrypted with `.enc` behind it. */
export function archiveName({ id, environment, connection: { engine }, format, key }: BackupRequest, at: Date): string {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const kind = engine === 'postgres' && format === 'plain' ? 'sql' : extensions[engine];
  return `${safe(environment)}_${time}_${safe(id)}.${kind}.zst${key === null ? '' : '.enc'}`;
}

/** Path of the manifest beside an archive. */
export const manifestPath = (archivePath: string): string => archivePath.replace(/(\.zst)?(\.enc)?$/, '.json');

/** Path of the record of what the archive must hold. */
export const contentPath = (archivePath: string): string =>
  archivePath.replace(
    /(\.zst)?(\.enc)?$/,
    (_all, _zst, encrypted: string | undefined) => `.content.zst${encrypted ?? ''}`,
  );

/** Letters, digits and hyphens of ASCII only; at most 60, so that the whole name stays below 255 bytes. */
function safe(text: string): string {
  const kept = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return kept.slice(0, 60) || 'backup';
}
