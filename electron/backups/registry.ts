// Every engine's way to take and check backups.
import type { EngineId } from '../../shared/model/environment.ts';
import type { BackupTaker } from './backupTaker.ts';
import { mysqlTaker } from './mysql/index.ts';
import { postgresTaker } from './postgres/index.ts';
import { sqliteTaker } from './sqlite/index.ts';

const takers: Readonly<Record<EngineId, BackupTaker>> = {
  postgres: postgresTaker(),
  mysql: mysqlTaker(),
  sqlite: sqliteTaker,
};

export const backupTakerFor = (engine: EngineId): BackupTaker => takers[engine];
