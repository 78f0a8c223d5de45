/** The matrix on real databases of every engine, one of which cannot be reached. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { addEnvironment, removeEnvironment } from '../../electron/services/environments.ts';
import { refreshMatrix, watchMatrix } from '../../electron/services/readMatrix.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { startRun } from '../../electron/services/startRun.ts';
import type { MatrixColumn, MatrixEvent, MigrationList } from '../../shared/model/matrix.ts';
import { matrixDocument } from '../../shared/model/matrixDocument.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { run, type TestBackend, type TestEngine, testBackend, testDatabase, writeFolder } from './backend.ts';
import { environmentOf } from './values.ts';

const files = Object.fromEntries(
  [1, 2, 3].map((number) => [
    `${number}_step.sql`,
    `-- migrate:up\ncreate table step_${number} (id integer);\n-- migrate:down\ndrop table step_${number};\n`,
  ]),
);

const never = new AbortController().signal;
const byId = (id: string) => ({ kind: 'environment', nameOrId: id }) as const;

/** What a reader knows after some events. */
class Reader {
  readonly lists = new Map<string, MigrationList>();
  readonly columns = new Map<string, MatrixColumn>();

  take(event: MatrixEvent): void {
    if (event.type === 'list') this.lists.set(event.list.id, event.list);
    if (event.type === 'columns') for (const column of event.columns) this.columns.set(column.environmentId, column);
  }

  async takeAll(events: AsyncIterable<MatrixEvent>): Promise<this> {
    for await (const event of events) this.take(event);
    return this;
  }

  /** Reads on until `wanted` holds. */
  async until(events: AsyncGenerator<MatrixEvent>, wanted: () => boolean): Promise<void> {
    while (!wanted()) {
      const { value, done } = await events.next();
      if (done === true) throw new Error('The stream ended before.');
      this.take(value);
    }
  }

  statuses(id: string): string | undefined {
    return this.columns.get(id)?.known?.statuses;
  }
}

const all = { environmentIds: null, maxAgeMs: 0 };
const refreshed = ({ backend }: TestBackend, wanted = all): Promise<Reader> =>
  new Reader().takeAll(refreshMatrix(backend.context, wanted, never));

describe('of several engines', () => {
  it('has a column for each, the last known one where the database does not answer', async (context) => {
    const engines: readonly TestEngine[] = ['postgres15', 'mariadb', 'sqlite'];
    for (const engine of engines) {
      const reason = engine === 'sqlite' ? undefined : unavailable(engine);
      if (reason !== undefined) skipBecause(context, reason);
    }
    await using test = await testBackend();
    const { context: services } = test.backend;
    const folder = await writeFolder(test.folder, files);
    await using postgres = await testDatabase('postgres15');
    await using mariadb = await testDatabase('mariadb');
    await using sqlite = await testDatabase('sqlite');
    const ids: string[] = [];
    for (const [index, { url }] of [postgres, mariadb, sqlite].entries()) {
      const given = environmentOf(url, folder);
      const password = new URL(url.replace(/^sqlite:/, 'sqlite://')).password;
      const secret = password === '' ? null : { password: decodeURIComponent(password), keep: 'ask' as const };
      const { id } = await addEnvironment(services, { ...given, name: `ward ${index + 1}`, secret });
      ids.push(id);
      await run(test.backend, byId(id), { wanted: { direction: 'up', steps: index + 1 } });
    }
    const [first = '', second = '', third = ''] = ids;
    await mariadb.query('create table stray (id integer)');
    const reader = await refreshed(test);
    expect(ids.map((id) => reader.statuses(id))).toEqual(['app', 'aap', 'aaa']);
    expect(ids.map((id) => reader.columns.get(id)?.drift?.changes)).toEqual([0, 2, 0]);
    expect(reader.lists.size).toBe(1);

    await rm(sqlite.url.replace('sqlite:', ''));
    const later = await refreshed(test);
    expect(later.columns.get(third)).toMatchObject({
      known: { statuses: 'aaa' },
      problem: { code: 'connect.noDatabase' },
    });
    expect(later.columns.get(first)).toMatchObject({ problem: null });

    const environments = services.workspace.environments.list();
    const document = matrixDocument(environments, later.lists, later.columns);
    expect(document.cells).toEqual([
      ['applied', 'applied', 'applied'],
      ['pending', 'applied', 'applied'],
      ['pending', 'pending', 'applied'],
    ]);
    expect(document.environments.map(({ problem }) => problem === null)).toEqual([true, true, false]);
    expect(services.workspace.columns.get(second)).not.toBeNull();
  });
});

describe('of SQLite databases', () => {
  async function place(test: TestBackend, name: string, folder: string) {
    const database = await testDatabase('sqlite');
    const { id } = await addEnvironment(test.backend.context, { ...environmentOf(database.url, folder), name });
    return { database, id };
  }

  it('tells at once what is known, before it connects to anything', async () => {
    await using test = await testBackend();
    const folder = await writeFolder(test.folder, files);
    const { database, id } = await place(test, 'ward', folder);
    await using _ = database;
    await readStatus(test.backend.context, byId(id));
    await rm(database.url.replace('sqlite:', ''));
    const leaving = new AbortController();
    const events = watchMatrix(test.backend.context, leaving.signal);
    const reader = new Reader();
    await reader.until(events, () => reader.columns.has(id));
    expect(reader.columns.get(id)).toMatchObject({ known: { statuses: 'ppp', pending: 3 }, problem: null });
    leaving.abort();
    expect((await events.next()).done).toBe(true);
  });

  it('follows a run to its end, and environments that come and go', async () => {
    await using test = await testBackend();
    const { context } = test.backend;
    const folder = await writeFolder(test.folder, files);
    const { database, id } = await place(test, 'ward', folder);
    await using _ = database;
    await readStatus(context, byId(id));
    const leaving = new AbortController();
    const events = watchMatrix(context, leaving.signal);
    const reader = new Reader();
    await reader.until(events, () => reader.columns.has(id));
    // Until the run was seen it has to wait for its file.
    const holder = new Sqlite(database.url.replace(/^sqlite:/, ''));
    holder.exec('BEGIN IMMEDIATE');
    const started = await startRun(context, {
      target: byId(id),
      wanted: { direction: 'up' },
      fingerprint: null,
      backup: false,
      confirm: null,
      reason: null,
      accept: [],
      continueOnError: false,
    });
    await reader.until(events, () => reader.columns.get(id)?.run === started.id);
    holder.close();
    await reader.until(events, () => reader.statuses(id) === 'aaa' && reader.columns.get(id)?.run === null);
    await started.finished;
    const other = await place(test, 'ward 2', folder);
    await using __ = other.database;
    await reader.until(events, () => reader.columns.has(other.id));
    expect(reader.columns.get(other.id)?.known).toBeNull();
    leaving.abort();
    await removeEnvironment(context, id);
    expect(context.workspace.columns.get(id)).toBeNull();
    expect(context.workspace.columns.list('any')).toBeNull();
  });

  it('leaves out what was read lately, reads what has no answer again, and stops when its reader leaves', async () => {
    await using test = await testBackend();
    const folder = await writeFolder(test.folder, files);
    const { database, id } = await place(test, 'ward', folder);
    await using _ = database;
    const totals = async (maxAgeMs: number): Promise<number[]> => {
      const found: number[] = [];
      for await (const event of refreshMatrix(test.backend.context, { environmentIds: [id], maxAgeMs }, never))
        if (event.type === 'progress') found.push(event.total);
      return [...new Set(found)];
    };
    expect(await totals(3_600_000)).toEqual([1]);
    expect(await totals(3_600_000)).toEqual([0]);
    expect(await totals(0)).toEqual([1]);
    await rm(database.url.replace('sqlite:', ''));
    expect(await totals(0)).toEqual([1]);
    expect(await totals(3_600_000)).toEqual([1]);
    const gone = refreshMatrix(test.backend.context, all, AbortSignal.abort());
    expect(await Array.fromAsync(gone)).toEqual([{ type: 'progress', done: 0, total: 1 }]);
  });

  it('tells a file that is gone, and a folder that cannot be read', async () => {
    await using test = await testBackend();
    const folder = await writeFolder(test.folder, files);
    const { database, id } = await place(test, 'ward', folder);
    await using _ = database;
    await run(test.backend, byId(id), { wanted: { direction: 'up', steps: 2 } });
    await rm(join(folder, '1_step.sql'));
    const reader = await refreshed(test);
    expect(reader.columns.get(id)?.known).toMatchObject({ statuses: 'ap', extra: [{ code: 'm', after: null }] });
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file now');
    const later = await refreshed(test);
    expect(later.columns.get(id)).toMatchObject({
      known: { statuses: 'ap' },
      problem: { code: expect.stringMatching(/^source\./) },
    });
  });
});
