// Fills the new database from a dump through our own session.
import type { NetworkConnection } from '../../../../shared/model/environment.ts';
import type { Session } from '../../../engine/ports.ts';
import type { BackupProgress } from '../../backupTaker.ts';
import { openArchive, pathOf } from '../../restore/archive.ts';
import { loadSql } from '../../restore/loadSql.ts';
import type { LoadedRows, RestoreRequest } from '../../restorer.ts';
import { DumpInspector } from '../dumpInspector.ts';
import { DumpEncoding } from './encoding.ts';
import { requireDefinerRights } from './rights.ts';
import { asleep, requireForeignStatement, withoutDefiner } from './statements.ts';

type Request = RestoreRequest<NetworkConnection>;

/** Without the record of a backup only the whole dump tells whose rights it needs; half-way would be too late. */
export async function requireDefiners(request: Request, signal: AbortSignal): Promise<void> {
  const { archive } = request;
  if (archive.kind === 'backup' && archive.backup.definers !== undefined) return;
  await using content = await openArchive(archive, signal);
  const inspector = new DumpInspector();
  for await (const piece of content.content(signal) as AsyncIterable<Buffer>) inspector.add(piece);
  inspector.end();
  await requireDefinerRights(request, inspector.definers);
}

export async function fill(
  request: Request,
  session: Session,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<LoadedRows> {
  const { archive, sql } = request;
  const rows = new Map<string, number>();
  const encoding = new DumpEncoding(pathOf(archive));
  await using content = await openArchive(archive, signal);
  await loadSql({
    path: pathOf(archive),
    content,
    session,
    sql,
    signal,
    progress,
    encoding: 'bytes',
    prepare: (statement) => {
      const text = encoding.textOf(statement.text);
      if (text === null) return null;
      if (archive.kind === 'foreign') requireForeignStatement(statement, text, sql);
      return asleep(request.asCopy === true ? withoutDefiner(text) : text);
    },
    executed: (text, affectedRows) => {
      const table = /^INSERT INTO `(?<table>(?:[^`]|``)+)` /.exec(text)?.groups?.['table'];
      if (table === undefined || affectedRows === null) return;
      const name = table.replaceAll('``', '`');
      rows.set(name, (rows.get(name) ?? 0) + affectedRows);
    },
    live: request.names.live,
  });
  return rows;
}
