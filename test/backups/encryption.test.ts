// Encrypted archives: what they hide, what they notice, and what they need.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BackupRequest } from '../../electron/backups/backupTaker.ts';
import {
  type ArchiveKey,
  formatKey,
  keyFromPassphrase,
  parseKey,
  randomKey,
} from '../../electron/backups/encryption/archiveKey.ts';
import { CHUNK_BYTES } from '../../electron/backups/encryption/chunks.ts';
import { decrypted } from '../../electron/backups/encryption/decrypt.ts';
import { encryptor } from '../../electron/backups/encryption/encrypt.ts';
import { HEADER_BYTES, readHeader } from '../../electron/backups/encryption/header.ts';
import { rememberKey } from '../../electron/backups/encryption/keyRing.ts';
import { backupTakerFor } from '../../electron/backups/registry.ts';
import { openArchive } from '../../electron/backups/restore/archive.ts';
import { mariadb, postgres15 } from '../servers/index.ts';
import { fileRequest, networkRequest, never, problemOf, sha256Of, take, temporaryFolder } from './support.ts';

const canary = 'canary-4f1d patient';

async function encrypt(key: ArchiveKey, content: Buffer, pieceBytes: number): Promise<Buffer> {
  const pieces = Array.from({ length: Math.ceil(content.length / pieceBytes) }, (_, index) =>
    content.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  const stream = encryptor(key);
  const [archive] = await Promise.all([buffer(stream), pipeline(Readable.from(pieces), stream)]);
  return archive;
}

const decrypt = async (archive: Buffer, pieceBytes: number): Promise<Buffer> => {
  const pieces = Array.from({ length: Math.ceil(archive.length / pieceBytes) }, (_, index) =>
    archive.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  return Buffer.concat(await Array.fromAsync(decrypted(Readable.from(pieces), '/backups/a.enc')));
};

function knownKey(): ArchiveKey {
  const key = randomKey();
  rememberKey(key);
  return key;
}

describe('An encrypted stream', () => {
  test.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])(
    'of %i bytes comes back whole, whatever the pieces it travels in',
    async (bytes) => {
      const content = Buffer.alloc(bytes, 'abcdefg');
      const archive = await encrypt(knownKey(), content, 70_001);
      for (const pieceBytes of [65_537, 1 << 20])
        expect((await decrypt(archive, pieceBytes)).equals(content)).toBe(true);
    },
  );

  test('notices a changed bit at every kind of place', async () => {
    const archive = await encrypt(knownKey(), Buffer.alloc(2 * CHUNK_BYTES + 5, 'x'), 1 << 20);
    const places = [0, 8, 9, 26, 43, 75, HEADER_BYTES, HEADER_BYTES + CHUNK_BYTES + 3, archive.length - 1];
    for (const place of places) {
      const changed = Buffer.from(archive);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect((await problemOf(decrypt(changed, 1 << 20))).code, `byte ${place}`).toBe('backup.damaged');
    }
    const otherKey = Buffer.from(archive);
    otherKey[10] = (otherKey[10] ?? 0) ^ 1;
    expect((await problemOf(decrypt(otherKey, 1 << 20))).code).toBe('backup.keyMissing');
  });

  test('notices what was cut off, left out, exchanged or added', async () => {
    const archive = await encrypt(knownKey(), Buffer.alloc(3 * CHUNK_BYTES, 'x'), 1 << 20);
    const sealed = CHUNK_BYTES + 16;
    const [first, second] = [HEADER_BYTES, HEADER_BYTES + sealed];
    const bad = [
      archive.subarray(0, HEADER_BYTES - 1),
      archive.subarray(0, HEADER_BYTES),
      archive.subarray(0, second),
      archive.subarray(0, archive.length - 1),
      Buffer.concat([archive, Buffer.alloc(1)]),
      Buffer.concat([archive.subarray(0, first), archive.subarray(second)]),
      Buffer.concat([
        archive.subarray(0, first),
        archive.subarray(second, second + sealed),
        archive.subarray(first, second),
        archive.subarray(second + sealed),
      ]),
    ];
    for (const content of bad) expect((await problemOf(decrypt(content, 1 << 20))).code).toBe('backup.damaged');
  });

  test('differs each time, and a key’s id tells nothing about it', async () => {
    const key = knownKey();
    const content = Buffer.alloc(1000, 'x');
    const [one, two] = [await encrypt(key, content, 1000), await encrypt(key, content, 1000)];
    expect(one.equals(two)).toBe(false);
    expect(one.includes(key.secret)).toBe(false);
    expect(key.secret.toString('hex')).not.toContain(key.id);
  });
});

describe('A key', () => {
  test('from a passphrase is found again by what the archive says', async () => {
    const key = await keyFromPassphrase('correct horse battery');
    const header = readHeader(await encrypt(key, Buffer.from('x'), 10));
    if (header?.recipe.kind !== 'passphrase') throw new Error('no recipe');
    expect(header.keyId).toBe(key.id);
    expect((await keyFromPassphrase('correct horse battery', header.recipe)).id).toBe(key.id);
    expect((await keyFromPassphrase('Correct horse battery', header.recipe)).id).not.toBe(key.id);
    expect((await keyFromPassphrase('correct horse battery')).id).not.toBe(key.id);
  });

  test('goes into a keychain and comes back the same', async () => {
    for (const key of [randomKey(), await keyFromPassphrase('correct horse battery')])
      expect(parseKey(formatKey(key))).toEqual(key);
    expect(parseKey('random:short')).toBeNull();
    expect(parseKey('')).toBeNull();
  });
});

const engines = {
  postgres: async (): Promise<BackupRequest> => {
    const server = await postgres15();
    const database = await server.createDatabase();
    onTestFinished(() => database[Symbol.asyncDispose]());
    await database.query(`CREATE TABLE patient AS SELECT '${canary}' AS name`);
    return networkRequest(server, database.name);
  },
  mysql: async (): Promise<BackupRequest> => {
    const server = await mariadb();
    const database = await server.createDatabase();
    onTestFinished(() => database[Symbol.asyncDispose]());
    await database.query(`CREATE TABLE patient AS SELECT '${canary}' AS name`);
    return networkRequest(server, database.name);
  },
  sqlite: async (): Promise<BackupRequest> => {
    const file = join(await temporaryFolder(), 'ward.db');
    const database = new Database(file);
    database.exec(`CREATE TABLE patient AS SELECT '${canary}' AS name`);
    database.close();
    return fileRequest(file);
  },
} as const;

describe.each(['postgres', 'mysql', 'sqlite'] as const)('An encrypted backup of %s', (engine) => {
  const taker = backupTakerFor(engine);

  test('is checked and opened with its key, and shows nothing without', async () => {
    const key = randomKey();
    const request = { ...(await engines[engine]()), key };
    const backup = await take(taker, request);
    expect(backup).toMatchObject({ encrypted: true, key: key.id });
    const file = await readFile(backup.path);
    expect(file.subarray(0, 8).toString('latin1')).toBe('LKARCH01');
    expect(file.includes(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))).toBe(false);
    expect(await taker.check(backup, never)).toBeNull();
    await using archive = await openArchive({ kind: 'backup', backup }, never);
    expect((await buffer(archive.content(never))).includes(canary)).toBe(true);
  });

  test('made with a key that is not here says so', async () => {
    const known = knownKey();
    const backup = await take(taker, { ...(await engines[engine]()), key: known });
    const archive = await readFile(backup.path);
    archive.write('00'.repeat(16), 10, 'hex');
    await writeFile(backup.path, archive);
    const other = { ...backup, sha256: sha256Of(archive) };
    expect(await problemOf(taker.check(other, never))).toMatchObject({
      code: 'backup.keyMissing',
      state: 'Nothing was changed.',
    });
  });

  test('whose content was changed together with its record is damaged', async () => {
    const backup = await take(taker, { ...(await engines[engine]()), key: knownKey() });
    const archive = await readFile(backup.path);
    for (const change of [flipped(archive, HEADER_BYTES + 20), archive.subarray(0, archive.length - 1)]) {
      await writeFile(backup.path, change);
      const forged = { ...backup, bytes: change.length, sha256: sha256Of(change) };
      expect(await taker.check(forged, never)).toMatchObject({ code: 'backup.damaged' });
    }
  });
});

function flipped(archive: Buffer, place: number): Buffer {
  const changed = Buffer.from(archive);
  changed[place] = (changed[place] ?? 0) ^ 1;
  return changed;
}
