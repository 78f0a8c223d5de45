// Every engine's way to restore backups.
import type { EngineId } from '../../shared/model/environment.ts';
import { mysqlRestorer } from './mysql/restore/index.ts';
import { postgresRestorer } from './postgres/restore/index.ts';
import type { Restorer } from './restorer.ts';
import { sqliteRestorer } from './sqlite/restore/index.ts';

const restorers: Readonly<Record<EngineId, Restorer>> = {
  postgres: postgresRestorer(),
  mysql: mysqlRestorer,
  sqlite: sqliteRestorer,
};

export const restorerFor = (engine: EngineId): Restorer => restorers[engine];
