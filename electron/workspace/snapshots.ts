/** Schemas as they were after runs, by database. Equal ones are kept once. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { RecordedSchema, SchemaObject } from '../../shared/model/snapshot.ts';
import type { Store } from './store.ts';

/** Records of one database that are kept. */
const keptRecords = 200;

export class Snapshots {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** On the disk after the workspace's next `synced`. @throws {ProblemError} `workspace.unwritable` */
  add(record: RecordedSchema, objects: readonly SchemaObject[]): void {
    const { serverId, takenAt, sha256 } = record;
    if (this.#store.text('SELECT 1 FROM schemas WHERE sha256 = ?', sha256) === null) {
      const content = zstdCompressSync(JSON.stringify(objects)).toString('base64');
      this.#store.note('INSERT OR IGNORE INTO schemas (sha256, objects) VALUES (?, ?)', sha256, content);
    }
    this.#store.note(
      'INSERT INTO schema_records (server_id, taken_at, version, sha256, record) VALUES (?, ?, ?, ?, ?)',
      serverId,
      takenAt,
      record.version,
      sha256,
      JSON.stringify(record),
    );
    const removed = this.#store.note(
      'DELETE FROM schema_records WHERE server_id = ? AND id NOT IN (SELECT id FROM schema_records WHERE server_id = ? ORDER BY id DESC LIMIT ?)',
      serverId,
      serverId,
      keptRecords,
    );
    // It looks at the records of all databases.
    if (removed > 0) this.#store.note('DELETE FROM schemas WHERE sha256 NOT IN (SELECT sha256 FROM schema_records)');
  }

  /** The last one of a database, or the last one while `version` was current. */
  last(serverId: string, version?: string): RecordedSchema | null {
    const text =
      version === undefined
        ? this.#store.text('SELECT record FROM schema_records WHERE server_id = ? ORDER BY id DESC LIMIT 1', serverId)
        : this.#store.text(
            'SELECT record FROM schema_records WHERE server_id = ? AND version = ? ORDER BY id DESC LIMIT 1',
            serverId,
            version,
          );
    return text === null ? null : (JSON.parse(text) as RecordedSchema);
  }

  /** `isLast`: of its database. */
  list(): { readonly id: number; readonly serverId: string; readonly takenAt: string; readonly isLast: boolean }[] {
    return this.#store
      .texts(
        `SELECT json_object('id', id, 'serverId', server_id, 'takenAt', taken_at, 'isLast',
           json(CASE WHEN id = (SELECT max(id) FROM schema_records AS other WHERE other.server_id = schema_records.server_id) THEN 'true' ELSE 'false' END))
         FROM schema_records ORDER BY id`,
      )
      .map((text) => JSON.parse(text));
  }

  remove(ids: readonly number[]): void {
    this.#store.write('DELETE FROM schema_records WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
    this.#store.write('DELETE FROM schemas WHERE sha256 NOT IN (SELECT sha256 FROM schema_records)');
  }

  /** @returns null when it is not kept any more */
  objects(sha256: string): SchemaObject[] | null {
    const content = this.#store.text('SELECT objects FROM schemas WHERE sha256 = ?', sha256);
    if (content === null) return null;
    return JSON.parse(zstdDecompressSync(Buffer.from(content, 'base64')).toString()) as SchemaObject[];
  }
}
