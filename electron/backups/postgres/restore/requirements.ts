// What a restore needs of the account and the server, checked before anything is done.
import type { NetworkConnection } from '../../../../shared/model/environment.ts';
import { type Problem, raise } from '../../../../shared/problem.ts';
import { type Archive, formatOf } from '../../restore/archive.ts';
import { liveUntouched } from '../../restore/failures.ts';
import type { RestoreNames, RestoreRequest } from '../../restorer.ts';
import { countObjects } from '../catalogue.ts';

type Request = RestoreRequest<NetworkConnection>;

export function requireFit(archive: Archive): void {
  if (formatOf(archive) === 'sqliteFile')
    raise({
      code: 'restore.unfit',
      message: 'This is a SQLite file, not a dump of PostgreSQL.',
      hint: 'Choose an archive of pg_dump or its plain SQL.',
    });
}

/** Returns warnings. @throws {ProblemError} `restore.rights`, `restore.inUse`, `restore.unfit` */
export async function requireRights(request: Request): Promise<string[]> {
  const { names, session } = request;
  const [facts = {}] = await session.query(`SELECT current_user AS account, r.rolsuper OR r.rolcreatedb AS creates,
  r.rolsuper OR pg_has_role(d.datdba, 'MEMBER') AS owns, pg_get_userbyid(d.datdba) AS owner,
  (SELECT count(*) FROM pg_catalog.pg_prepared_xacts WHERE database = d.datname) AS prepared,
  (SELECT count(*) FROM pg_catalog.pg_replication_slots WHERE database = d.datname) AS slots
FROM pg_catalog.pg_database d, pg_catalog.pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user`);
  const account = String(facts['account']);
  if (request.intoExisting) await requireEmpty(request);
  else if (facts['creates'] !== true) raise(mayNotCreate(account, request));
  if (request.swaps && facts['owns'] !== true)
    raise(mayNotRename(account, String(facts['owner']), names.live, request));
  if (request.swaps && Number(facts['prepared']) > 0) raise(prepared(names.live));
  return Number(facts['slots']) > 0 && request.swaps
    ? [
        `Replication slots belong to ${names.live} and stay with it when it is kept as ${names.kept}: subscribers must be set up again.`,
      ]
    : [];
}

async function requireEmpty({ names, open }: Request): Promise<void> {
  const session = await open(names.restored);
  try {
    const { extension: _, ...objects } = await countObjects(session);
    if (Object.values(objects).some((count) => count > 0))
      raise({
        code: 'restore.unfit',
        message: `The database ${names.restored} is not empty.`,
        hint: 'Name an empty one, or one that does not exist yet.',
      });
  } finally {
    await session.close();
  }
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function mayNotCreate(account: string, { names }: Request): Omit<Problem, 'state'> {
  return {
    code: 'restore.rights',
    message: `The account ${account} may not create databases, so there is nowhere to restore to.`,
    hint: `Have an administrator run: ALTER ROLE ${quote(account)} CREATEDB; or restore with another account; or have an empty database made (CREATE DATABASE ${quote(names.restored)} TEMPLATE template0 OWNER ${quote(account)};) and restore into it with: --into ${names.restored}`,
  };
}

function mayNotRename(account: string, owner: string, live: string, { names }: Request): Omit<Problem, 'state'> {
  return {
    code: 'restore.rights',
    message: `The account ${account} may not rename ${live}, which belongs to ${owner}.`,
    hint: `Restore with an account that is a member of ${owner}, or restore beside it with --into ${names.restored} and let its owner rename both.`,
  };
}

const prepared = (live: string): Omit<Problem, 'state'> => ({
  code: 'restore.inUse',
  message: `${live} holds prepared transactions, with which it cannot be renamed.`,
  hint: 'End them first: see pg_prepared_xacts, then COMMIT PREPARED or ROLLBACK PREPARED.',
});

export const notUndoable = ({ live }: RestoreNames, why: string): Problem => ({
  code: 'restore.notUndoable',
  message: `The restore cannot be undone: ${why}.`,
  state: liveUntouched(live),
  hint: 'Look at the databases of the server; both are complete and can be renamed by hand.',
});
