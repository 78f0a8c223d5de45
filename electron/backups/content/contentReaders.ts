// Every engine's way to read what a database holds.
import type { EngineId } from '../../../shared/model/environment.ts';
import { mysqlContent } from '../mysql/content.ts';
import { postgresContent } from '../postgres/content.ts';
import { sqliteContent } from '../sqlite/content.ts';
import type { ContentReader } from './contentReader.ts';

const readers: Readonly<Record<EngineId, ContentReader>> = {
  postgres: postgresContent,
  mysql: mysqlContent,
  sqlite: sqliteContent,
};

export const contentReaderFor = (engine: EngineId): ContentReader => readers[engine];
