/** The catalogue, with what a glance at each archive tells. Nothing is stored. */
import type { Backup } from '../../shared/model/backup.ts';
import { glance } from '../backups/archive/fileState.ts';
import type { Context } from './context.ts';

/** Newest first. `environment`: its name; null for all. */
export const listBackups = ({ workspace }: Context, environment: string | null): Promise<Backup[]> =>
  Promise.all(workspace.backups.list({ environment }).map(glance));
