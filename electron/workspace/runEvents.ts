/** Every run's events, one JSON line each in `runs/<id>.jsonl`. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../../shared/model/run.ts';
import { isFileError, unwritable } from './database.ts';
import { emptyWhenMissing, LineFile, linesOf } from './lineFile.ts';
import { runFile } from './runFiles.ts';

interface Log {
  readonly file: LineFile;
  last: Promise<void>;
  failure: { readonly error: unknown } | null;
}

export class RunEvents {
  readonly #directory: string;
  readonly #logs = new Map<string, Log>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Queues a record; they are written in order. What fails is told by `flush`. */
  append(id: string, record: RunRecord): void {
    const log = this.#log(id);
    log.last = log.file.append(JSON.stringify(record), false).catch((error: unknown) => {
      log.failure ??= { error };
    });
  }

  /** Resolves when all that was appended is written. @throws {ProblemError} `workspace.unwritable` */
  async flush(id: string): Promise<void> {
    const log = this.#logs.get(id);
    if (log === undefined) return;
    log.file.hurry();
    await log.last;
    const { failure } = log;
    log.failure = null;
    if (failure !== null) throw isFileError(failure.error) ? unwritable(this.#directory, failure.error) : failure.error;
  }

  /** The same, and lets go of it; what comes later begins it anew. @throws {ProblemError} `workspace.unwritable` */
  async end(id: string): Promise<void> {
    try {
      await this.flush(id);
    } finally {
      const log = this.#logs.get(id);
      this.#logs.delete(id);
      await log?.file.close();
    }
  }

  /** Records from `fromSeq` on, in order; none for a run that has no log. A line that a crash tore is left out. */
  async read(id: string, fromSeq: number): Promise<RunRecord[]> {
    const log = this.#logs.get(id);
    log?.file.hurry();
    await log?.last;
    const path = runFile(this.#directory, id, 'events');
    const text = path === null ? '' : await readFile(path, 'utf8').catch(emptyWhenMissing);
    return linesOf(text).flatMap((value) =>
      typeof value['seq'] === 'number' && value['seq'] >= fromSeq ? [value as unknown as RunRecord] : [],
    );
  }

  /** Ids of the runs that have a log. */
  async stored(): Promise<string[]> {
    const names = await readdir(join(this.#directory, 'runs'));
    return names.flatMap((name) => /^(?<id>[0-9A-Za-z_-]+)\.jsonl$/.exec(name)?.groups?.['id'] ?? []);
  }

  /** Removes a run's log and journal. @throws {ProblemError} `workspace.unwritable` */
  async remove(id: string): Promise<void> {
    await this.#logs.get(id)?.file.close();
    this.#logs.delete(id);
    for (const kind of ['events', 'journal'] as const) {
      const path = runFile(this.#directory, id, kind);
      if (path === null) continue;
      await rm(path, { force: true }).catch((error: unknown) => {
        throw isFileError(error) ? unwritable(this.#directory, error) : error;
      });
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#logs.values()].map((log) => log.file.close()));
    this.#logs.clear();
  }

  #log(id: string): Log {
    const known = this.#logs.get(id);
    if (known !== undefined) return known;
    const path = runFile(this.#directory, id, 'events');
    if (path === null) throw new RangeError(`This is not the id of a run: ${id}`);
    const log: Log = { file: new LineFile(path), last: Promise.resolve(), failure: null };
    this.#logs.set(id, log);
    return log;
  }
}
