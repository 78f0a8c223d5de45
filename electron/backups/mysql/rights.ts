// Refuses a backup by an account that cannot see everything: what it does not see is left out in silence (a dump by an
// account without TRIGGER ends successfully; measured on MariaDB 10.11).
import type { Backup, ObjectCounts } from '../../../shared/model/backup.ts';
import { raise } from '../../../shared/problem.ts';
import type { Session } from '../../engine/ports.ts';
import { majorOf } from '../version.ts';
import { quoteName } from './catalogue.ts';
import { has, type Privileges, readGrants } from './grants.ts';

const ROLES_SINCE = 8;

/** @throws {ProblemError} `backup.rights` with the statements that give the rights. */
export async function requireRights(session: Session, objects: ObjectCounts, covers: Backup['covers']): Promise<void> {
  const [who] = await session.query('SELECT CURRENT_USER() AS account, DATABASE() AS name');
  const database = String(who?.['name']);
  const privileges = readGrants(await grantLines(session), database);
  const whole = covers !== 'tables';
  const views = whole && (objects.view ?? 0) > 0;
  const missing = ['SELECT', 'TRIGGER', ...(whole ? ['EVENT'] : []), ...(views ? ['SHOW VIEW'] : [])].filter(
    (needed) => !has(privileges.database, needed),
  );
  const routines = !whole || (await seesRoutines(session, privileges)) ? [] : [routineRight(session)];
  if (missing.length + routines.length === 0) return;
  const account = quoteAccount(String(who?.['account']));
  const statements = [
    ...(missing.length === 0 ? [] : [`GRANT ${missing.join(', ')} ON ${quoteName(database)}.* TO ${account};`]),
    ...routines.map((right) => `GRANT ${right} TO ${account};`),
  ];
  raise({
    code: 'backup.rights',
    message: `The account ${String(who?.['account'])} may not see everything in ${database}, so a backup by it would leave objects out (missing: ${[...missing, ...routines.map(() => 'reading routines')].join(', ')}).`,
    hint: `Ask an administrator to run: ${statements.join(' ')}`,
  });
}

export async function grantLines(session: Session): Promise<string[]> {
  const lines = await session.query(`SHOW GRANTS${await activeRoles(session)}`);
  return lines.flatMap((line) => Object.values(line).map(String));
}

/** MariaDB shows the rights of the active role by itself; MySQL 8 when asked (dev.mysql.com/doc/refman/8.4/en/show-grants.html). */
async function activeRoles(session: Session): Promise<string> {
  const { product, version } = session.identity;
  if (product !== 'MySQL' || majorOf(version) < ROLES_SINCE) return '';
  const [row] = await session.query('SELECT CURRENT_ROLE() AS roles');
  return row?.['roles'] === 'NONE' ? '' : ` FOR CURRENT_USER() USING ${String(row?.['roles'])}`;
}

/**
 * Every routine's text: by a right to read all of them, or because a right on the whole database shows that they exist
 * and the text of none is hidden (the account defined them itself).
 */
async function seesRoutines(session: Session, { database, everywhere, proc }: Privileges): Promise<boolean> {
  if (has(everywhere, 'SELECT') || everywhere.has('SHOW_ROUTINE') || has(proc, 'SELECT')) return true;
  // MariaDB 11.3 and newer. `ALL PRIVILEGES` has it there only, so it does not count here.
  if (database.has('SHOW CREATE ROUTINE')) return true;
  if (!has(database, 'EXECUTE') && !has(database, 'ALTER ROUTINE')) return false;
  const [row] = await session.query(
    'SELECT count(*) AS hidden FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_DEFINITION IS NULL',
  );
  return Number(row?.['hidden'] ?? 0) === 0;
}

/** MySQL has no mysql.proc from 8 on. */
function routineRight(session: Session): string {
  return session.identity.product === 'MySQL' && majorOf(session.identity.version) >= ROLES_SINCE
    ? 'SHOW_ROUTINE ON *.*'
    : 'SELECT ON `mysql`.`proc`';
}

/** `user@host`; the user's name may hold an @ itself. */
function quoteAccount(account: string): string {
  const at = account.lastIndexOf('@');
  return `${quoteName(account.slice(0, at))}@${quoteName(account.slice(at + 1))}`;
}
