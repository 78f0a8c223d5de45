/** Proven backups: restored, compared, and what does not prove blocks. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBackup, startProof } from '../../electron/services/startBackup.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { Backup } from '../../shared/model/backup.ts';
import type { Run } from '../../shared/model/run.ts';
import { change, type Engine, engines, fill } from '../restore/databases.ts';
import { backUp } from '../restore/support.ts';
import { unavailable } from '../servers/index.ts';
import {
  adHoc,
  type TestBackend,
  type TestDatabase,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';

let test: TestBackend;
let source: string;
beforeAll(async () => {
  test = await testBackend();
  source = await writeFolder(test.folder, {
    '20260101000001_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n',
  });
});
afterAll(() => test[Symbol.asyncDispose]());

async function prove(target: TargetRequest, { id }: Backup): Promise<{ run: Run; backup: Backup }> {
  const run = await (await startProof(test.backend.context, id, target, [])).finished;
  const backup = test.backend.context.workspace.backups.get(id);
  if (backup === null) throw new Error('the backup is gone');
  return { run, backup };
}

/** More kinds of objects and of values than a restore's tests need. */
const more: Readonly<Record<Engine, readonly string[]>> = {
  postgres15: [
    'CREATE EXTENSION pg_trgm',
    "CREATE TYPE colour AS ENUM ('red', 'green')",
    'CREATE TABLE odd ("a ""b" text, c double precision, d timestamptz, e bytea, f jsonb, g colour, h numeric, i text[], j date, k interval, l integer GENERATED ALWAYS AS (1 + 1) STORED)',
    `INSERT INTO odd VALUES ('x,()"''', 0.1 + 0.2, '2026-01-01 10:00+05', '\\x00ff', '{"a": [1, null]}', 'red', 1.50, '{a,NULL,"b c"}', '-infinity', '1 mon -3 days')`,
    'INSERT INTO odd DEFAULT VALUES',
    'CREATE MATERIALIZED VIEW kept AS SELECT count(*) FROM patient',
    'CREATE INDEX ON patient USING gin (name gin_trgm_ops)',
    'ALTER TABLE patient ENABLE ROW LEVEL SECURITY',
    'CREATE POLICY own ON patient USING (true)',
    "COMMENT ON TABLE patient IS 'people'",
    'CREATE PROCEDURE greet() LANGUAGE sql AS $$ SELECT 1 $$',
    'CREATE PUBLICATION news FOR TABLE patient',
    "SELECT setval('ticket', 77, false)",
    'CREATE TABLE parent (a integer)',
    'CREATE TABLE child (b integer) INHERITS (parent)',
    'ALTER TABLE parent ADD COLUMN z text',
    'INSERT INTO child VALUES (1, 2, $$three$$)',
    'CREATE TABLE part (id integer, at date) PARTITION BY RANGE (at)',
    "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    "INSERT INTO part VALUES (1, '2026-05-05')",
  ],
  mariadb: [
    'CREATE TABLE odd (a varchar(20) CHARACTER SET latin1, b float, c double, d timestamp NULL, e blob, f json, g enum("x", "y"), h bit(9), i geometry, j datetime(6), k int AS (1 + 1) STORED)',
    `INSERT INTO odd (a, b, c, d, e, f, g, h, i, j) VALUES ('größer', 0.1, 1e100, '2026-01-01 10:00', x'00ff27', '{"a": 1}', 'y', b'101', ST_GeomFromText('POINT(1 2)'), '2026-01-01 10:00:00.123456'), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
    "CREATE EVENT asleep ON SCHEDULE EVERY 1 HOUR DISABLE COMMENT 'DO not' DO DELETE FROM log",
  ],
  sqlite: [
    'CREATE TABLE odd (a, b REAL, c BLOB)',
    "INSERT INTO odd VALUES (9223372036854775807, 0.1, x'00ff'), (NULL, NULL, NULL), ('text', -0.0, '')",
    'CREATE VIRTUAL TABLE words USING fts5(text)',
    "INSERT INTO words VALUES ('one two')",
  ],
};

async function full(engine: Engine): Promise<TestDatabase> {
  const database = await testDatabase(engine);
  await fill(engine, database);
  for (const sql of more[engine]) await change(database, sql);
  return database;
}

describe.each(engines)('%s', (engine) => {
  it('proves a backup of everything, and tells what was compared', async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await full(engine);
    const target = adHoc(database.url, source);
    const backup = await backUp(test.backend.context, target);
    expect(backup.level).toBe('checked');
    const { run, backup: proven } = await prove(target, backup);
    expect(run.problem).toBeNull();
    expect(run.finishedPhases).toEqual(['check', 'prove']);
    expect(proven).toMatchObject({ level: 'proven', problem: null });
    expect(proven.proof?.notDigested).toEqual([]);
    expect(proven.proof?.digested).toContain(engine === 'postgres15' ? 'public.patient' : 'patient');
    expect(proven.proof?.rows).toBeGreaterThan(500);
    expect(proven.proof?.sequences).toBeGreaterThan(0);
    expect(proven.proof?.isolation).toBe(engine === 'sqlite' ? 'file' : 'login');
  });

  it('takes, checks and proves in one run', async () => {
    await using database = await testDatabase(engine);
    await fill(engine, database);
    const started = await startBackup(test.backend.context, adHoc(database.url, source), { prove: [] });
    const run = await started.finished;
    expect(run.problem).toBeNull();
    expect(run.backup?.level).toBe('proven');
  });

  it('finds a record of its content that was changed', async () => {
    await using database = await testDatabase(engine);
    await fill(engine, database);
    const target = adHoc(database.url, source);
    const backup = await backUp(test.backend.context, target);
    const file = backup.path.replace(/\.zst$/, '.content.zst');
    const bytes = await readFile(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(file, bytes);
    const { run, backup: found } = await prove(target, backup);
    expect(run.outcome).toBe('failed');
    expect(run.problem).toMatchObject({ code: 'backup.notProven' });
    expect(found.level).toBe('taken');
    expect(path.basename(file)).toContain('.content.');
  });
});
