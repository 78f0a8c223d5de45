import type { ContentReader } from '../content/contentReader.ts';
import { runWorker } from './runWorker.ts';

/** What a SQLite file holds. */
export const sqliteContent: ContentReader = {
  async read({ connection }, digested, signal) {
    if (connection.engine !== 'sqlite') throw new Error('Not a file');
    const task = { kind: 'content', file: connection.file, digested: [...digested] } as const;
    const { tables, sequences } = await runWorker(task, signal, () => undefined);
    return { tables, sequences: new Map(sequences) };
  },
};
