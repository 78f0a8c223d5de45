/** Backups whose rows were digested in the form of earlier versions can still be proven. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentReaderFor } from '../../electron/backups/content/contentReaders.ts';
import { startProof } from '../../electron/services/startBackup.ts';
import { openSession, resolveTarget, type TargetRequest } from '../../electron/services/target.ts';
import type { Backup } from '../../shared/model/backup.ts';
import type { BackupContent } from '../../shared/model/proof.ts';
import { sha256Of } from '../backups/archiveBytes.ts';
import { engines, fill } from '../restore/databases.ts';
import { backUp } from '../restore/support.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, type TestBackend, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const never = new AbortController().signal;

/** What the database holds, in the first form. */
async function firstDigests(request: TargetRequest, tables: ReadonlySet<string>) {
  const { context } = test.backend;
  const target = await resolveTarget(context, request);
  const open = () => openSession(context, target, true);
  const session = await open();
  try {
    const { connection } = target.environment;
    const reader = contentReaderFor(target.driver.id);
    const read = await reader.read({ session, connection, open }, { tables, form: 1 }, never);
    return new Map(read.tables.map(({ table, digest }) => [table, digest]));
  } finally {
    await session.close();
  }
}

/** As a version that knew only the first form had recorded it. */
async function recordIn(backup: Backup, content: BackupContent): Promise<void> {
  const file = backup.path.replace(/\.zst$/, '.content.zst');
  const bytes = zstdCompressSync(JSON.stringify(content));
  await writeFile(file, bytes);
  const { size } = await stat(file);
  test.backend.context.workspace.backups.update({ ...backup, content: { bytes: size, sha256: sha256Of(bytes) } });
}

describe.each(engines)('%s', (engine) => {
  it('proves by digests of the first form, and finds what differs', async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    await fill(engine, database);
    const target = adHoc(database.url, test.folder);
    const backup = await backUp(test.backend.context, target);
    const file = backup.path.replace(/\.zst$/, '.content.zst');
    const { digestForm, ...content } = JSON.parse(zstdDecompressSync(await readFile(file)).toString()) as BackupContent;
    expect(digestForm).toBe(2);
    const digests = await firstDigests(target, new Set(content.tables.map(({ table }) => table)));
    const tables = content.tables.map((one) => ({ ...one, digest: digests.get(one.table) ?? null }));
    expect(tables).not.toEqual(content.tables);
    await recordIn(backup, { ...content, tables });
    const prove = async () => (await startProof(test.backend.context, backup.id, target, [])).finished;
    expect((await prove()).problem).toBeNull();
    await recordIn(backup, { ...content, tables: tables.map((one) => ({ ...one, digest: '1' })) });
    expect((await prove()).problem).toMatchObject({
      code: 'backup.notProven',
      serverMessage: expect.stringContaining('other values'),
    });
  });
});
