// Fills the new database from a dump through our own session.
import { availableParallelism } from 'node:os';
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
  await using helpers = await helpersOf(request);
  await loadSql({
    path: pathOf(archive),
    content,
    session,
    helpers: helpers.sessions,
    rowsOf: tableOfRows,
    sql,
    signal,
    progress,
    encoding: 'bytes',
    prepare: (statement) => {
      const text = encoding.textOf(statement.text);
      if (text === null || (helpers.sessions.length > 0 && tableLock.test(text))) return null;
      if (archive.kind === 'foreign') requireForeignStatement(statement, text, sql);
      return asleep(request.asCopy === true ? withoutDefiner(text) : text);
    },
    executed: (text, affectedRows) => {
      const name = tableOfRows(text);
      if (name === null || affectedRows === null) return;
      rows.set(name, (rows.get(name) ?? 0) + affectedRows);
    },
    live: request.names.live,
  });
  return rows;
}

function tableOfRows(sql: string): string | null {
  const table = /^INSERT INTO `(?<table>(?:[^`]|``)+)` /.exec(sql)?.groups?.['table'];
  return table?.replaceAll('``', '`') ?? null;
}

/** Nobody else uses a database that is being filled, and a lock would keep our own other sessions out. */
const tableLock = /^(?:LOCK|UNLOCK) TABLES\b/;

/** Bytes of an archive from which on several sessions load faster than one. */
const PARALLEL_FROM = 16 << 20;
const MOST_SESSIONS = 4;

/** Of dumps that we took only: how others lay out theirs is not known. */
async function helpersOf({ archive, open, names }: Request): Promise<AsyncDisposable & { sessions: Session[] }> {
  const sessions: Session[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(sessions.map((session) => session.close()));
  };
  try {
    const wanted = archive.kind === 'backup' && archive.backup.bytes >= PARALLEL_FROM ? MOST_SESSIONS : 1;
    while (sessions.length + 1 < Math.min(wanted, availableParallelism())) sessions.push(await open(names.restored));
  } catch (error) {
    await close();
    throw error;
  }
  return { sessions, [Symbol.asyncDispose]: close };
}
