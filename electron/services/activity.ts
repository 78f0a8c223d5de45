/** Who works on a database and who waits for whom; ending a session that stands in the way. */
import type { EndedSession } from '../../shared/contract/views.ts';
import type { ActivityReport, SessionEnding } from '../../shared/model/activity.ts';
import { raise } from '../../shared/problem.ts';
import { type Confirmation, requireConfirmed, requireReason } from './confirmed.ts';
import type { Context } from './context.ts';
import { asProblem } from './problems.ts';
import { recordAudit } from './recordAudit.ts';
import { withoutSecretWords } from './redact.ts';
import { openSession, resolveTarget, type TargetRequest, withSession } from './target.ts';

export interface EndRequest extends Confirmation {
  readonly pid: number;
  readonly how: SessionEnding;
}

/** A question: changes nothing. @throws {ProblemError} of a connecting code */
export async function readActivity(context: Context, request: TargetRequest): Promise<ActivityReport> {
  const target = await resolveTarget(context, request);
  const sessions = await withSession(context, target, (session) => target.driver.activity.list(session));
  return { sessions: sessions.map(withoutSecretWords) };
}

/** @throws {ProblemError} `gate.*`, `activity.noServer`, `activity.notFound`, `database.rights` */
export async function endSession(
  context: Context,
  request: TargetRequest,
  { pid, how, confirm, reason }: EndRequest,
): Promise<EndedSession> {
  const target = await resolveTarget(context, request);
  const what = how === 'cancel' ? 'Cancelling a statement' : 'Ending a session';
  // Its own writes are none: the server itself is asked.
  const session = await openSession(context, target, false);
  try {
    requireConfirmed(context, target, session, { confirm }, what);
    requireReason({ reason }, what);
    const { activity } = target.driver;
    const seen = (await activity.list(session)).find((one) => one.pid === pid);
    // A number from another database's list, or of yesterday, must not end somebody else's work.
    if (seen === undefined) raise(notFound(pid));
    const outcome = await activity.end(session, pid, how);
    if (outcome === 'refused') raise(noServer);
    const { user, host, application } = seen;
    recordAudit(context, {
      action: how === 'cancel' ? 'statement cancelled' : 'session ended',
      environment: target.environment.name,
      run: null,
      detail: { pid, user, host, application, outcome, reason },
    });
    return { outcome, session: withoutSecretWords(seen) };
  } catch (thrown) {
    throw asProblem(thrown, target.environment.connection);
  } finally {
    await session.close();
  }
}

const notFound = (pid: number) =>
  ({
    code: 'activity.notFound',
    message: `There is no session ${pid} on this database.`,
    hint: 'List the sessions again: it may have ended.',
  }) as const;

const noServer = {
  code: 'activity.noServer',
  message: 'SQLite has no server that could end another program’s work.',
  hint: 'End that program itself; its locks go with it.',
} as const;
