import type { Connection } from '../../../shared/model/environment.ts';
import type { ContentReader } from '../content/contentReader.ts';
import { judge } from './check.ts';
import { runWorker } from './runWorker.ts';

/** What a SQLite file holds. */
export const sqliteContent: ContentReader = {
  async read({ connection }, wanted, signal) {
    const task = { kind: 'content', file: fileOf(connection), wanted } as const;
    const { tables, sequences } = await runWorker(task, signal, () => undefined);
    return { tables, sequences: new Map(sequences) };
  },
  /** Indexes that do not fit their tables, for example. */
  check: (backup, connection, signal) => judge(backup, fileOf(connection), signal),
};

function fileOf(connection: Connection): string {
  if (connection.engine !== 'sqlite') throw new Error('Not a file');
  return connection.file;
}
