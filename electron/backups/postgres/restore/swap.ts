// Databases change their names, both in one transaction: at every moment there is one of the live name, the old or the new.
import { setTimeout as delay } from 'node:timers/promises';
import type { OpenSession } from '../../../../shared/model/restore.ts';
import { type Problem, ProblemError, raise } from '../../../../shared/problem.ts';
import { ServerFault, type Session } from '../../../engine/ports.ts';
import { liveUntouched, refused, unfinished } from '../../restore/failures.ts';
import type { SwapRequest } from '../../restorer.ts';

/** Milliseconds between two rounds of ending sessions; the server itself waits five seconds for them to go. */
const ROUND_MS = 50;

/** Nobody can rename the database he is connected to. Every cluster has these two, unless someone removed them. */
const MAINTENANCE = ['postgres', 'template1'];

/** A session on none of the databases concerned. @throws {ProblemError} `restore.rights` */
export async function openMaintenance({ names, open }: SwapRequest): Promise<Session> {
  let failure: unknown;
  for (const database of MAINTENANCE.filter((one) => !Object.values(names).includes(one))) {
    try {
      return await open(database);
    } catch (error) {
      failure = error;
    }
  }
  return raise(
    {
      code: 'restore.rights',
      message:
        'Renaming a database needs a session on another one, and neither postgres nor template1 lets this account in.',
      state: liveUntouched(names.live),
      hint: 'Grant it CONNECT on the database postgres, or restore with --into NAME and rename by hand.',
      ...(failure instanceof ProblemError ? { serverMessage: failure.problem.message } : {}),
    },
    failure,
  );
}

/** Which of `names` are databases. */
export async function existing(session: Session, names: readonly string[]): Promise<Set<string>> {
  const rows = await session.query('SELECT datname AS name FROM pg_catalog.pg_database');
  const all = new Set(rows.map((row) => row['name']));
  return new Set(names.filter((name) => all.has(name)));
}

/** Other people's sessions on the database of the name; those of this very process come and go by themselves. */
export async function sessionsOn(session: Session, database: string): Promise<OpenSession[]> {
  const rows = await session.query(
    `SELECT pid, usename AS "user", application_name AS program, host(client_addr) AS host, coalesce(state, backend_type) AS state
FROM pg_catalog.pg_stat_activity
WHERE datname = $1 AND pid <> pg_backend_pid() AND application_name IS DISTINCT FROM current_setting('application_name')
  AND backend_type NOT IN ('autovacuum worker', 'parallel worker') ORDER BY backend_start`,
    [database],
  );
  const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
  return rows.map((row) => ({
    id: text(row['pid']),
    user: text(row['user']),
    program: text(row['program']),
    host: text(row['host']),
    state: text(row['state']),
  }));
}

/**
 * `live` becomes `aside`, `other` becomes `live`, after all sessions on `live` were ended. New ones wait meanwhile for
 * the lock of the renaming, so that none slips in. Closes `request.session`, with which the migration lock ends.
 */
export async function exchange(request: SwapRequest, aside: string, other: string): Promise<void> {
  const { names, session } = request;
  if (!request.closeSessions) requireNone(await sessionsOn(session, names.live), names.live);
  const renamer = await openMaintenance(request);
  const ender = await openMaintenance(request);
  try {
    await rename(request, renamer, ender, aside, other);
  } finally {
    await Promise.all([renamer.close(), ender.close()]);
  }
}

async function rename(
  request: SwapRequest,
  renamer: Session,
  ender: Session,
  aside: string,
  other: string,
): Promise<void> {
  const { live } = request.names;
  const { quoteIdentifier } = request.dialect;
  const statement = (from: string, to: string) =>
    `ALTER DATABASE ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)}`;
  try {
    await renamer.query('BEGIN');
    // From here on the server lets nobody new in, and waits for those inside to go.
    const leaving = renamer.query(statement(live, aside));
    await Promise.all([leaving, endSessions(request, ender, leaving)]);
    await renamer.query(statement(other, live));
    await request.note('both databases are renamed; committing');
  } catch (error) {
    await renamer.query('ROLLBACK').catch(() => undefined);
    throw await explain(error, ender, live);
  }
  await renamer.query('COMMIT').catch((error: unknown) => {
    throw error instanceof ServerFault && error.kind === 'connectionLost'
      ? new ProblemError(unfinished(error, live), { cause: error })
      : error;
  });
}

async function endSessions(request: SwapRequest, ender: Session, leaving: Promise<unknown>): Promise<void> {
  let gone = false;
  const settled = leaving.then(
    () => {
      gone = true;
    },
    () => {
      gone = true;
    },
  );
  await request.session.close();
  while (!gone) {
    if (request.closeSessions)
      await ender.query(
        'SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
        [request.names.live],
      );
    await Promise.race([settled, delay(ROUND_MS)]);
  }
}

/** SQLSTATE object_in_use. */
const OBJECT_IN_USE = '55006';

async function explain(error: unknown, ender: Session, live: string): Promise<unknown> {
  if (!(error instanceof ServerFault)) return error;
  if (error.code === OBJECT_IN_USE)
    return new ProblemError(inUse(await sessionsOn(ender, live), live), { cause: error });
  return new ProblemError(
    error.kind === 'rights'
      ? {
          ...refused(error, live),
          message: `The account may not end the sessions on ${live}, or not rename it.`,
          hint: 'Close them yourself, or grant the account pg_signal_backend and ownership of the database, then restore again.',
        }
      : refused(error, live),
    { cause: error },
  );
}

function requireNone(sessions: readonly OpenSession[], live: string): void {
  if (sessions.length > 0) throw new ProblemError(inUse(sessions, live));
}

function inUse(sessions: readonly OpenSession[], live: string): Problem {
  const who = [...new Set(sessions.map(({ user, program }) => (program === '' ? user : `${user} (${program})`)))];
  return {
    code: 'restore.inUse',
    message: `${sessions.length} other session${sessions.length === 1 ? ' is' : 's are'} on ${live}: ${who.slice(0, 10).join(', ')}.`,
    state: liveUntouched(live),
    hint: 'Stop the applications, or let their sessions be ended: --accept closesSessions',
  };
}
