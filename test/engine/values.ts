/** Values for tests of the pure core: complete and small; each test names only what it is about. */
import { createHash } from 'node:crypto';
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { Migration, MigrationMetadata } from '../../shared/model/migration.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function migration(
  version: string,
  about: Partial<Omit<Migration, 'metadata'>> & {
    metadata?: MigrationMetadata;
    sql?: string;
    downSql?: string | null;
  } = {},
): Migration {
  const { sql = `select '${version}'`, downSql = `select 'undo ${version}'`, ...rest } = about;
  const text = (content: string, path: string) => ({
    kind: 'text' as const,
    text: content,
    path,
    line: 1,
    sha256: sha256(content),
    bytes: Buffer.byteLength(content),
  });
  return {
    version,
    historyKey: version,
    name: `name_${version}`,
    kind: 'versioned',
    up: text(sql, `${version}.sql`),
    down: downSql === null ? null : text(downSql, `${version}.down.sql`),
    verify: null,
    checksum: null,
    transaction: { up: true, down: true },
    metadata: {},
    ...rest,
  };
}

export const entry = (historyKey: string, about: Partial<HistoryEntry> = {}): HistoryEntry => ({
  historyKey,
  version: null,
  name: null,
  state: 'applied',
  appliedAt: null,
  appliedBy: null,
  durationMs: null,
  checksum: null,
  batch: null,
  message: null,
  storedDown: null,
  ...about,
});
