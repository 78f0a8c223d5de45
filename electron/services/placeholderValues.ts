import { basename } from 'node:path';
import type { Environment } from '../../shared/model/environment.ts';
import type { Placeholders } from '../engine/placeholders.ts';
import type { TargetDatabase } from './target.ts';

/** Values given for the call and in the environment's settings, and those that every environment has. */
export function placeholdersOf({ environment, driver }: Pick<TargetDatabase, 'environment' | 'driver'>): Placeholders {
  const values = new Map([
    ...Object.entries(builtIn(environment)),
    ...Object.entries(environment.source?.placeholders ?? {}),
  ]);
  return { dialect: driver.dialect, valueOf: (name) => values.get(name) ?? null };
}

function builtIn({ name, tier, connection }: Environment): Readonly<Record<string, string>> {
  return connection.engine === 'sqlite'
    ? { environment: name, tier, database: basename(connection.file) }
    : { environment: name, tier, database: connection.database, user: connection.user };
}
