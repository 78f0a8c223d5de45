/** The client's own journal of one run, `runs/<id>.journal.jsonl`: intent and outcome survive a server that is lost or restored. */
import type { ClientJournal } from '../engine/ports.ts';
import { isFileError, unwritable } from './database.ts';
import { LineFile } from './lineFile.ts';

export class FileJournal implements ClientJournal {
  readonly #directory: string;
  readonly #file: LineFile;
  /** Of a record nobody waited for; the next durable one tells it. */
  #failure: { readonly error: unknown } | null = null;

  constructor(directory: string, path: string) {
    this.#directory = directory;
    this.#file = new LineFile(path);
  }

  /** @throws {ProblemError} `workspace.unwritable` for a durable record, when it or one before it was not written */
  async append(record: Readonly<Record<string, unknown>>, durable: boolean): Promise<void> {
    const written = this.#file.append(JSON.stringify(record), durable).catch((error: unknown) => {
      this.#failure ??= { error };
    });
    if (!durable) return;
    await written;
    if (this.#failure === null) return;
    const { error } = this.#failure;
    throw isFileError(error) ? unwritable(this.#directory, error) : error;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
