// Every engine's way to take and check backups.
import type { EngineId } from '../../shared/model/environment.ts';
import type { DumpCommand } from '../../shared/model/settings.ts';
import type { BackupTaker } from './backupTaker.ts';
import { mysqlTaker } from './mysql/index.ts';
import { postgresTaker } from './postgres/index.ts';
import type { FindPrograms } from './programs.ts';
import { withRemote } from './remoteProgram.ts';
import { sqliteTaker } from './sqlite/index.ts';

const takers: Readonly<Record<EngineId, (findPrograms?: FindPrograms) => BackupTaker>> = {
  postgres: postgresTaker,
  mysql: mysqlTaker,
  sqlite: () => sqliteTaker,
};

/** `dumpCommand`: reaches the dump program elsewhere; null: it is one of this computer. */
export const backupTakerFor = (engine: EngineId, dumpCommand: DumpCommand | null = null): BackupTaker =>
  dumpCommand === null ? takers[engine]() : takers[engine](withRemote(engine, dumpCommand));
