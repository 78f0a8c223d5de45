/** A restored copy: whole, reached by a login that reaches nothing else, and gone afterwards. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeAbandonedCopies } from '../../electron/services/removeAbandonedCopies.ts';
import { resolveTarget, type TargetRequest } from '../../electron/services/target.ts';
import { type CopyOptions, type RestoredCopy, withRestoredCopy } from '../../electron/services/withRestoredCopy.ts';
import type { Backup } from '../../shared/model/backup.ts';
import { type Engine, engines, fill } from '../restore/databases.ts';
import { backUp } from '../restore/support.ts';
import { mariadb, postgres15, unavailable } from '../servers/index.ts';
import { adHoc, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';

const dying = fileURLToPath(new URL('./dyingCopy.ts', import.meta.url));

let test: TestBackend;
let source: string;
beforeAll(async () => {
  test = await testBackend();
  source = await writeFolder(test.folder, {
    '20260101000001_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n',
  });
});
afterAll(() => test[Symbol.asyncDispose]());

const options: CopyOptions = {
  signal: new AbortController().signal,
  accept: [],
  progress: () => undefined,
  warn: (message) => expect.unreachable(message),
};

async function onCopy<T>(
  request: TargetRequest,
  backup: Backup,
  use: (copy: RestoredCopy) => Promise<T>,
  more: Partial<CopyOptions> = {},
): Promise<T> {
  const { context } = test.backend;
  return withRestoredCopy(context, await resolveTarget(context, request), backup, { ...options, ...more }, use);
}

const leftovers: Readonly<Record<Engine, () => Promise<unknown>>> = {
  postgres15: async () =>
    (await postgres15()).query(
      "SELECT datname FROM pg_database WHERE datname LIKE 'lockkeeper_copy%' UNION SELECT rolname FROM pg_roles WHERE rolname LIKE 'lockkeeper_copy%'",
    ),
  mariadb: async () =>
    (await mariadb()).query(
      "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'lockkeeper_copy%' UNION SELECT User FROM mysql.user WHERE User LIKE 'lockkeeper_copy%'",
    ),
  sqlite: async () => [],
};

const left = async (engine: Engine): Promise<unknown> => [
  await leftovers[engine](),
  await readdir(path.join(test.folder, 'data', 'copies')),
];
const nothing = [[], []];

describe.each(engines)('%s', (engine) => {
  it('holds the rows, and is gone afterwards', async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    await fill(engine, database);
    const target = adHoc(database.url, source);
    const backup = await backUp(test.backend.context, target);
    const found = await onCopy(target, backup, async ({ session, isolation }) => {
      await session.query('DELETE FROM patient WHERE id > 100');
      const [row] = await session.query('SELECT count(*) AS n FROM patient');
      return { rows: Number(row?.['n']), isolation };
    });
    expect(found).toEqual({ rows: 100, isolation: engine === 'sqlite' ? 'file' : 'login' });
    expect(await database.query('SELECT count(*) AS n FROM patient')).toEqual([
      { n: engine === 'postgres15' ? '500' : 500 },
    ]);
    expect(await left(engine)).toEqual(nothing);
  });

  it('is gone after a failure, too', async () => {
    await using database = await testDatabase(engine);
    await fill(engine, database);
    const target = adHoc(database.url, source);
    const backup = await backUp(test.backend.context, target);
    await expect(
      onCopy(target, backup, async () => {
        throw new Error('of the test');
      }),
    ).rejects.toThrow('of the test');
    expect(await left(engine)).toEqual(nothing);
  });

  it('is removed by the next process when its own was killed, and what is not ours stays', async () => {
    await using database = await testDatabase(engine);
    await using other = await testDatabase(engine);
    await fill(engine, database);
    const target = adHoc(database.url, source);
    const backup = await backUp(test.backend.context, target);
    const killed = await promisify(execFile)(process.execPath, [
      dying,
      path.join(test.folder, 'data'),
      database.url,
      backup.id,
    ]).then(
      () => null,
      (error: { signal: string; stderr: string }) => error.signal ?? error.stderr,
    );
    expect(killed).toBe('SIGKILL');
    expect(await left(engine)).not.toEqual(nothing);
    const { context } = test.backend;
    await removeAbandonedCopies(context, await resolveTarget(context, target));
    expect(await left(engine)).toEqual(nothing);
    expect(await other.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
