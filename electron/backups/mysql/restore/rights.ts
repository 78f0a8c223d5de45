// What a restore needs of the account, checked before anything is done: the server would stop half-way.
import type { NetworkConnection } from '../../../../shared/model/environment.ts';
import { raise } from '../../../../shared/problem.ts';
import type { Session } from '../../../engine/ports.ts';
import type { RestoreRequest } from '../../restorer.ts';
import { quoteName } from '../catalogue.ts';
import { has, type Privileges, readGrants } from '../grants.ts';
import { grantLines } from '../rights.ts';
import { quoteAccount } from './definitions.ts';

type Request = RestoreRequest<NetworkConnection>;

const toFill = [
  'CREATE',
  'DROP',
  'ALTER',
  'INSERT',
  'INDEX',
  'SELECT',
  'TRIGGER',
  'CREATE VIEW',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'EVENT',
  'LOCK TABLES',
  'REFERENCES',
];

/** @throws {ProblemError} `restore.rights` */
export async function requireRights(request: Request): Promise<void> {
  const { session, names, swaps, intoExisting } = request;
  const account = await accountOf(session);
  const lines = await grantLines(session);
  const lacking = [names.restored, ...(swaps ? [names.live, names.kept] : [])].flatMap((database) => {
    const { database: held } = readGrants(lines, database);
    const missing = toFill.filter((needed) => !(intoExisting && needed === 'CREATE') && !has(held, needed));
    return missing.length === 0 ? [] : [{ database, missing }];
  });
  if (lacking.length > 0) {
    const grants = lacking.map(
      ({ database }) => `GRANT ALL PRIVILEGES ON ${quoteName(pattern(database))}.* TO ${quoteAccount(account)};`,
    );
    raise({
      code: 'restore.rights',
      message: `The account ${account} may not create and fill ${lacking.map(({ database }) => database).join(', ')} (missing: ${[...new Set(lacking.flatMap(({ missing }) => missing))].join(', ')}).`,
      hint: `Have an administrator run: ${[...new Set(grants)].join(' ')} or restore with another account, or have an empty database made for it and restore into that with: --into NAME`,
    });
  }
  if (request.archive.kind === 'backup' && request.archive.backup.definers !== undefined)
    await requireDefinerRights(request, request.archive.backup.definers);
}

/** The time in the names of a restore is another each time; in grants `%` stands for anything. */
const pattern = (database: string): string => database.replace(/[\\_%]/g, '\\$&').replace(/\d{8}\\_\d{6}$/, '%');

/**
 * A view or stored program that runs with somebody else's rights may be created by few.
 * @throws {ProblemError} `restore.rights`
 */
export async function requireDefinerRights({ session }: Request, definers: readonly string[]): Promise<void> {
  const account = await accountOf(session);
  const privileges = readGrants(await grantLines(session), session.identity.database);
  const others = definers.filter((definer) => definer !== account);
  if (others.length > 0 && !maySetUser(privileges))
    raise({
      code: 'restore.rights',
      message: `The backup holds views or stored programs that run with the rights of ${others.join(', ')}; the account ${account} may not create such.`,
      hint: `Have an administrator run: GRANT ${session.identity.product === 'MySQL' ? 'SET_USER_ID' : 'SET USER'} ON *.* TO ${quoteAccount(account)}; or restore with an account that has it.`,
    });
  const [log = {}] = await session.query('SELECT @@log_bin AS logged, @@log_bin_trust_function_creators AS trusted');
  if (definers.length > 0 && isOn(log['logged']) && !isOn(log['trusted']) && !isSuper(privileges))
    raise({
      code: 'restore.rights',
      message: `The server writes a binary log and lets only accounts with SUPER create functions and triggers; ${account} is none.`,
      hint: 'Restore with an account that has SUPER, or have an administrator run: SET GLOBAL log_bin_trust_function_creators = 1;',
    });
}

const isOn = (value: unknown): boolean => value === 1 || value === '1' || value === 'ON';
const isSuper = ({ everywhere }: Privileges): boolean => has(everywhere, 'SUPER');
const maySetUser = (privileges: Privileges): boolean =>
  isSuper(privileges) ||
  ['SET USER', 'SET_USER_ID', 'SET_ANY_DEFINER'].some((right) => privileges.everywhere.has(right));

async function accountOf(session: Session): Promise<string> {
  const [row] = await session.query('SELECT CURRENT_USER() AS account');
  return String(row?.['account']);
}
