// Every engine's way to restore backups.
import type { EngineId } from '../../shared/model/environment.ts';
import type { DumpCommand } from '../../shared/model/settings.ts';
import { mysqlRestorer } from './mysql/restore/index.ts';
import { postgresRestorer } from './postgres/restore/index.ts';
import { withRemote } from './remoteProgram.ts';
import type { Restorer } from './restorer.ts';
import { sqliteRestorer } from './sqlite/restore/index.ts';

const local: Readonly<Record<EngineId, Restorer>> = {
  postgres: postgresRestorer(),
  mysql: mysqlRestorer,
  sqlite: sqliteRestorer,
};

/** `dumpCommand`: reaches the dump program elsewhere; null: it is one of this computer. Only PostgreSQL needs one. */
export const restorerFor = (engine: EngineId, dumpCommand: DumpCommand | null = null): Restorer =>
  engine === 'postgres' && dumpCommand !== null ? postgresRestorer(withRemote(engine, dumpCommand)) : local[engine];
