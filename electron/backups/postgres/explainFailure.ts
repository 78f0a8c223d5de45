// Why pg_dump failed, from its own words.
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { nothingChanged, type Problem } from '../../../shared/problem.ts';
import type { Ended } from '../process/program.ts';

const again = 'Remove the cause that pg_dump names, then take the backup again.';

export function explainFailure(ended: Ended, connection: NetworkConnection): Problem {
  const said =
    ended.errorLines.filter((line) => /(error|fatal|detail|hint):/i.test(line)).join('\n') ||
    ended.errorLines.slice(-5).join('\n');
  const problem = (code: Problem['code'], message: string, hint: string): Problem => ({
    code,
    message,
    state: `${nothingChanged} No file was left behind.`,
    hint,
    ...(said === '' ? {} : { serverMessage: said }),
  });
  if (/row-level security/.test(said)) {
    return problem(
      'backup.rights',
      `Row-level security hides rows from the account ${connection.user}.`,
      `Ask an administrator to give the account the attribute BYPASSRLS (ALTER ROLE … BYPASSRLS), then take the backup again.`,
    );
  }
  if (/permission denied/.test(said)) {
    return problem(
      'backup.rights',
      `The account ${connection.user} may not read everything in ${connection.database}.`,
      'Ask an administrator to grant SELECT on what is named, or membership in pg_read_all_data, then take the backup again.',
    );
  }
  if (/server version mismatch/.test(said)) {
    return problem(
      'backup.programTooOld',
      'pg_dump is too old for this server.',
      `Install PostgreSQL's client programs of the server's version or newer.`,
    );
  }
  if (/lock timeout/.test(said)) {
    return problem(
      'backup.programFailed',
      'Somebody holds a lock on a table for so long that pg_dump gave up waiting.',
      'Find who holds the lock (pg_stat_activity, pg_blocking_pids) and take the backup again when it is released.',
    );
  }
  return problem('backup.programFailed', `pg_dump failed (${ended.how}).`, again);
}
