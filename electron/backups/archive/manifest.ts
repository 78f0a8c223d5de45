// The manifest beside an archive: enough to find and check the backup where Lockkeeper's own catalogue is lost.
import type { Backup } from '../../../shared/model/backup.ts';
import { manifestPath } from './archiveName.ts';
import { PartialFile } from './partialFile.ts';

interface Manifest {
  /** Of this file's form; a reader refuses a higher one. */
  readonly format: 1;
  readonly backup: Backup;
  /** The command a person could run to take the same backup. */
  readonly command: string;
}

export async function writeManifest(backup: Backup, command: string): Promise<void> {
  const manifest: Manifest = { format: 1, backup, command };
  await using file = await PartialFile.create(manifestPath(backup.path));
  await file.handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
  await file.publish();
}
