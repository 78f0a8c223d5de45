// Refuses a backup by an account that cannot read everything.
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { raise } from '../../../shared/problem.ts';
import type { Session } from '../../engine/ports.ts';
import { majorOf } from '../version.ts';
import { type Unreadable, unreadable } from './catalogue.ts';

const READ_ALL_SINCE = 14;

/** @throws {ProblemError} `backup.rights` with the statements that give the rights. */
export async function requireRights(session: Session, connection: NetworkConnection): Promise<void> {
  const found = await unreadable(session);
  const [first] = found;
  if (first === undefined) return;
  raise({
    code: 'backup.rights',
    message: `The account ${connection.user} may not read ${first.name}${found.length > 1 ? ` and ${found.length - 1} more` : ''}${why(first)}, so a backup by it would not be whole.`,
    hint: `Ask an administrator to run: ${remedies(session, found)}`,
  });
}

const why = (found: Unreadable): string =>
  found.reason === 'rowSecurity' ? ' in full, because row-level security hides rows from it' : '';

function remedies(session: Session, found: readonly Unreadable[]): string {
  const general =
    found.some(({ reason }) => reason === 'select' || reason === 'usage') &&
    majorOf(session.identity.version) >= READ_ALL_SINCE;
  const statements = [...new Set(found.map(({ remedy }) => remedy))].map((remedy) => `${remedy};`).join(' ');
  return general ? `${statements} (or, for all tables at once, make it a member of pg_read_all_data)` : statements;
}
