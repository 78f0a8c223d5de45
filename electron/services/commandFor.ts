import { shellCommand } from '../backups/process/shellCommand.ts';
import { formatTable, type OpenSource } from './readSource.ts';
import type { TargetDatabase } from './target.ts';

/** A command of the command line on the same database and source, as a person would type it; without a password. */
export function commandFor(verb: string, { environment, driver, openBundle }: TargetDatabase): string {
  const { id, name, connection, source } = environment;
  const bundle = openBundle === undefined || source === null ? [] : ['--source', source.path];
  if (id !== '') return shellCommand('lockkeeper', [verb, '--env', name, ...bundle]);
  return shellCommand('lockkeeper', [
    ...[verb, '--url', driver.formatUrl(connection)],
    ...(source === null ? [] : ['--source', source.path]),
    ...(source?.tool === undefined ? [] : ['--tool', source.tool]),
    ...(source?.historyTable === undefined ? [] : ['--history-table', source.historyTable]),
  ]);
}

/** The same with another tool and folder than the environment's. */
export function commandWith(verb: string, { environment, driver }: TargetDatabase, source: OpenSource): string {
  const { id, name, connection } = environment;
  return shellCommand('lockkeeper', [
    ...(id === '' ? [verb, '--url', driver.formatUrl(connection)] : [verb, '--env', name]),
    ...['--source', source.path, '--tool', source.tool.id, '--history-table', formatTable(source.history.table)],
  ]);
}

/** What connects a folder with a database for good; the environment's name, where there is one already. */
export const connectingCommand = (
  { source, tool }: { readonly source: string; readonly tool: string },
  environment: string | null,
): string =>
  shellCommand('lockkeeper', [
    'env',
    ...(environment === null ? ['add', 'NAME', '--url', 'URL'] : ['edit', environment]),
    ...['--source', source, '--tool', tool],
  ]);
