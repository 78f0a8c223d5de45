/** Takes secrets out of text that came from a server or a program. */
import type { RunEvent } from '../../shared/model/run.ts';
import type { Problem } from '../../shared/problem.ts';

/** Shorter ones would take half of every text along. */
const shortest = 3;
/** What stands where a secret was. */
export const hidden = '•••';

/** Every password this process has used: none of them may be written anywhere, whoever says it. */
const known = new Set<string>();

export function rememberSecret(secret: string | null): void {
  if (secret === null || secret.length < shortest) return;
  known.add(secret);
  known.add(encodeURIComponent(secret));
}

/** `secret`: one more to hide. */
export const redact = (text: string, secret: string | null): string =>
  withoutSecrets(
    secret === null || secret.length < shortest
      ? text
      : text.replaceAll(secret, hidden).replaceAll(encodeURIComponent(secret), hidden),
  )
    .replace(inUrl, `$1${hidden}@`)
    .replace(inPair, `$1${hidden}`)
    .replace(inStatement, `$1${hidden}`);

const inUrl = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi;
const inPair = /(\b(?:password|passwd|pwd)\s*[=:]\s*)(?:'[^']*'|"[^"]*"|[^\s,;&]+)/gi;
/** `PASSWORD '…'`, `IDENTIFIED BY '…'`, also where the server cuts its quotation short. */
const inStatement = /(\b(?:password|identified\s+by)\s+)'[^']*'?/gi;

/** Only what is known to be a secret. */
export function withoutSecrets(text: string): string {
  let safe = text;
  for (const secret of known) safe = safe.replaceAll(secret, hidden);
  return safe;
}

/** What a run tells, before anybody reads or keeps it. */
export function redactEvent(event: RunEvent): RunEvent {
  switch (event.type) {
    case 'resultSet': {
      const { result } = event;
      const rows = result.rows.map((row) => row.map((value) => (value === null ? null : withoutSecrets(value))));
      return { ...event, result: { ...result, rows } };
    }
    case 'notice':
    case 'warning':
      return { ...event, message: redact(event.message, null) };
    case 'blocked':
      return { ...event, blockers: event.blockers.map(withoutSecretWords) };
    case 'stepFinished':
    case 'runFinished':
      return event.problem === null ? event : { ...event, problem: redactProblem(event.problem) };
    default:
      return event;
  }
}

/** Other people's statements may set passwords. */
export const withoutSecretWords = <T extends { readonly query: string | null }>(session: T): T => ({
  ...session,
  query: session.query === null ? null : redact(session.query, null),
});

function redactProblem(problem: Problem): Problem {
  const { serverMessage } = problem;
  return {
    ...problem,
    message: redact(problem.message, null),
    ...(serverMessage === undefined ? {} : { serverMessage: redact(serverMessage, null) }),
  };
}
