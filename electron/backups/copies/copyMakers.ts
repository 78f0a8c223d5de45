// Every engine's way to make databases to be thrown away; SQLite's are files of our own folder.
import type { EngineId } from '../../../shared/model/environment.ts';
import { mysqlCopies } from '../mysql/copyMaker.ts';
import { postgresCopies } from '../postgres/copyMaker.ts';
import type { CopyMaker } from './copyMaker.ts';

const makers: Readonly<Record<EngineId, CopyMaker | null>> = {
  postgres: postgresCopies,
  mysql: mysqlCopies,
  sqlite: null,
};

export const copyMakerFor = (engine: EngineId): CopyMaker | null => makers[engine];
