// Every engine's way to take and check backups.
import type { EngineId } from '../../shared/model/environment.ts';
import { raise } from '../../shared/problem.ts';
import type { BackupTaker } from './backupTaker.ts';
import { postgresTaker } from './postgres/index.ts';
import { sqliteTaker } from './sqlite/index.ts';

const takers: Readonly<Partial<Record<EngineId, BackupTaker>>> = { postgres: postgresTaker(), sqlite: sqliteTaker };

export const backupTakerFor = (engine: EngineId): BackupTaker =>
  takers[engine] ?? raise({ code: 'backup.programMissing', message: `Backups of ${engine} are not built yet.`, hint: 'Take the backup with its own tools.' });
