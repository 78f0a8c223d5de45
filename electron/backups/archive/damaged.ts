import type { Backup } from '../../../shared/model/backup.ts';
import { nothingChanged, type Problem } from '../../../shared/problem.ts';

export const damaged = (backup: Pick<Backup, 'path'>, detail: string): Problem => ({
  code: 'backup.damaged',
  message: `The archive ${backup.path} is damaged: ${detail}.`,
  state: nothingChanged,
  hint: 'Do not rely on this backup: take a new one and look after the disk it is on.',
});
