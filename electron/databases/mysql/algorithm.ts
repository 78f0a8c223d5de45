/** Asks the server by which algorithm, and under which lock, it would change a table at best. */
import { ServerFault, type Session } from '../../engine/ports.ts';
import { scratchName } from '../common/scratchName.ts';
import { type Alteration, demanding, readDemandable, type TextChange, withChanges } from './alteration.ts';
import { type Algorithm, algorithms, type LockLevel, lockLevels } from './cost.ts';
import { mysqlDialect } from './dialect.ts';

const { quoteIdentifier, quoteTable } = mysqlDialect;

export interface AcceptedAlgorithm {
  /** MySQL has no NOCOPY: its INPLACE may rebuild the table or not. */
  readonly algorithm: Algorithm;
  /** What INSTANT locks for its moment is not told: there it is `NONE`, but for a rename. */
  readonly lock: LockLevel;
}

/**
 * Tries the statement on an empty copy of its table's structure until a demand is taken, from the least to the most that it
 * may cost. The copy is made beside the table and dropped again, so the session must be on a database of our own making, and
 * in no transaction: what is tried commits. Rows do not decide what is accepted (test/hazards/mysqlAlgorithms.test.ts shows
 * it); that a table was changed instantly before may, which a copy does not have. Settings such as `foreign_key_checks` and
 * `sql_mode` decide too: they must be those that the statement will meet.
 *
 * Null: no ALTER TABLE, CREATE INDEX or DROP INDEX, one that takes no demand (many on partitions), or one that fails on the
 * copy for another reason.
 * @throws {ServerFault} when the copy cannot be made, or the connection is lost
 */
export async function acceptedAlgorithm(session: Session, statement: string): Promise<AcceptedAlgorithm | null> {
  const read = readDemandable(statement);
  if (read === null) return null;
  const { text, alteration } = read;
  const names = { copy: scratchName(), renamed: scratchName() };
  try {
    const keys = await copyStructure(session, alteration, names.copy);
    const changes = ontoCopy(alteration, names, keys);
    return await firstAccepted(session, (algorithm, lock) =>
      withChanges(text, [...changes, ...demanding(alteration, algorithm, lock)]),
    );
  } finally {
    await session.query(`DROP TABLE IF EXISTS ${quoteIdentifier(names.copy)}, ${quoteIdentifier(names.renamed)}`);
  }
}

const foreignKey = /^\s*CONSTRAINT (`(?:[^`]|``)+`) (FOREIGN KEY .*?),?$/gm;

/** LIKE leaves foreign keys out, whose names are unique in a database: those of the copy are others, by name in lower case. */
async function copyStructure(
  session: Session,
  { table }: Alteration,
  copy: string,
): Promise<ReadonlyMap<string, string>> {
  await session.query(`CREATE TABLE ${quoteIdentifier(copy)} LIKE ${quoteTable(table)}`);
  const [shown] = await session.query(`SHOW CREATE TABLE ${quoteTable(table)}`);
  const keys = [...String(shown?.['Create Table']).matchAll(foreignKey)].map(([, name = '', definition = '']) => ({
    name: name.slice(1, -1).replaceAll('``', '`').toLowerCase(),
    other: scratchName(),
    definition,
  }));
  if (keys.length > 0) {
    const added = keys.map(({ other, definition }) => `ADD CONSTRAINT ${quoteIdentifier(other)} ${definition}`);
    await session.query(`ALTER TABLE ${quoteIdentifier(copy)} ${added.join(', ')}`);
  }
  return new Map(keys.map(({ name, other }) => [name, other]));
}

/** What makes it a statement on the copy. */
function ontoCopy(
  { tableSpan, clauses }: Alteration,
  { copy, renamed }: { copy: string; renamed: string },
  keys: ReadonlyMap<string, string>,
): TextChange[] {
  const changes: TextChange[] = [{ span: tableSpan, text: ` ${quoteIdentifier(copy)}` }];
  for (const clause of clauses) {
    if (clause.kind === 'renameTable') changes.push({ span: clause.span, text: ` ${quoteIdentifier(renamed)}` });
    if (clause.kind !== 'dropForeignKey' && clause.kind !== 'dropConstraint') continue;
    const other = keys.get(clause.name.toLowerCase());
    if (other !== undefined) changes.push({ span: clause.span, text: ` ${quoteIdentifier(other)}` });
  }
  return changes;
}

/** The server takes no such algorithm, no such lock (with or without its reason), or not both together. */
const refusals: ReadonlySet<string | null> = new Set(['1845', '1846', '1221']);

async function firstAccepted(
  session: Session,
  demand: (algorithm: string, lock: string | null) => string,
): Promise<AcceptedAlgorithm | null> {
  const isMariadb = session.identity.product === 'MariaDB';
  for (const algorithm of isMariadb ? algorithms : mysqlAlgorithms) {
    // MySQL takes no LOCK beside INSTANT (dev.mysql.com/doc/refman/8.4/en/alter-table.html).
    if (!isMariadb && algorithm === 'INSTANT') {
      if ((await tried(session, demand(algorithm, null))) === 'accepted') return { algorithm, lock: 'NONE' };
      continue;
    }
    for (const lock of lockLevels) {
      const answer = await tried(session, demand(algorithm, lock));
      if (answer === 'failed') return null;
      if (answer === 'accepted') return believed({ algorithm, lock });
      if (answer === 'otherAlgorithm') break;
    }
  }
  return null;
}

const mysqlAlgorithms = ['INSTANT', 'INPLACE', 'COPY'] as const;

/**
 * MariaDB accepts any algorithm where it has to copy for another engine, another order or other partitions, and copies
 * nevertheless: it gives itself away by refusing LOCK=NONE, which every instant change allows but a rename.
 */
const believed = (accepted: AcceptedAlgorithm): AcceptedAlgorithm =>
  accepted.algorithm === 'INSTANT' && accepted.lock === 'SHARED' ? { algorithm: 'COPY', lock: 'SHARED' } : accepted;

async function tried(session: Session, sql: string): Promise<'accepted' | 'otherLock' | 'otherAlgorithm' | 'failed'> {
  try {
    await session.query(sql);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ServerFault) || error.kind === 'connectionLost') throw error;
    if (!refusals.has(error.code)) return 'failed';
    // In every language the message begins with what is refused, and names what to try after it.
    return /ALGORITHM|LOCK/.exec(error.message)?.[0] === 'ALGORITHM' ? 'otherAlgorithm' : 'otherLock';
  }
}
