/** What must be so before a program changes a table by a copy; looked at before anything is changed. */
import { statfs } from 'node:fs/promises';
import type { OnlineAlterSettings } from '../../../shared/model/settings.ts';
import { nothingChanged, raise } from '../../../shared/problem.ts';
import { copyName, findWork, longestTable } from '../../databases/mysql/onlineAlter.ts';
import type { Session } from '../../engine/ports.ts';

export interface Preconditions {
  /** Other tables refer to it. */
  readonly isReferredTo: boolean;
  readonly warnings: readonly string[];
}

/** @throws {ProblemError} `alter.refused` */
export async function requirePreconditions(
  session: Session,
  table: string,
  settings: OnlineAlterSettings,
  isHere: boolean,
): Promise<Preconditions> {
  const { identity } = session;
  // In both programs' words for a table these divide.
  if (/[,=`\s\\]/.test(`${identity.database}${table}`) || table.length > longestTable)
    refuse(
      `The name ${table} cannot be given to the program.`,
      'Turn the program off for this environment, or rename it.',
    );
  if (identity.cluster !== undefined)
    refuse(
      `${identity.database} is on a cluster (${identity.cluster}), where this was never tried.`,
      'Turn the program off for this environment.',
    );
  await requireNoLeftovers(session, table);
  const facts = await readFacts(session, table);
  if (facts.keys === 0)
    refuse(
      `${table} has neither a primary key nor another key of columns that are never NULL: rows could not be told apart.`,
      'Add a primary key first, in a migration of its own.',
    );
  if (facts.triggers > 0)
    refuse(
      `${table} has triggers, and the program works by triggers of its own.`,
      'Turn the program off for this migration, or remove the triggers before it and make them after it.',
    );
  const isReferredTo = facts.referredBy.length > 0;
  if (isReferredTo && (settings.foreignKeys === 'refuse' || settings.program === 'gh-ost'))
    refuse(
      `Other tables refer to ${table} (${facts.referredBy.slice(0, 5).join(', ')}), and their foreign keys would go with the old table.`,
      'Choose in the settings what becomes of them (onlineAlter.foreignKeys), which each has its price.',
    );
  if (settings.program === 'gh-ost' && facts.binlog !== 'ON ROW')
    refuse(
      'gh-ost needs the binary log of the server in format ROW.',
      'Set log_bin and binlog_format=ROW, or use pt-online-schema-change.',
    );
  return { isReferredTo, warnings: await room(facts, isHere, table) };
}

const refuse = (message: string, hint: string): never =>
  raise({ code: 'alter.refused', message, hint, state: nothingChanged });

interface Facts {
  readonly keys: number;
  readonly triggers: number;
  readonly referredBy: readonly string[];
  readonly bytes: number;
  readonly folder: string;
  readonly binlog: string;
}

async function readFacts(session: Session, table: string): Promise<Facts> {
  const [[row], referring] = await Promise.all([
    session.query(
      `SELECT (SELECT COUNT(*) FROM (SELECT INDEX_NAME FROM information_schema.STATISTICS
          WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = $1 AND NON_UNIQUE = 0
          GROUP BY INDEX_NAME HAVING SUM(NULLABLE = 'YES') = 0) unique_keys) AS key_count,
        (SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = $1) AS trigger_count,
        (SELECT COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0) FROM information_schema.TABLES
          WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = $1) AS bytes,
        @@datadir AS folder, CONCAT(IF(@@log_bin, 'ON', 'OFF'), ' ', @@binlog_format) AS binlog`,
      [table],
    ),
    session.query(
      'SELECT DISTINCT TABLE_NAME AS name FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE UNIQUE_CONSTRAINT_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = $1',
      [table],
    ),
  ]);
  return {
    keys: Number(row?.['key_count']),
    triggers: Number(row?.['trigger_count']),
    referredBy: referring.map(({ name }) => String(name)),
    bytes: Number(row?.['bytes']),
    folder: String(row?.['folder']),
    binlog: String(row?.['binlog']),
  };
}

async function requireNoLeftovers(session: Session, table: string): Promise<void> {
  const { triggers, tables } = await findWork(session, table);
  if (triggers.length > 0 || tables.has(copyName(table)))
    refuse(
      `An earlier change of ${table} was killed and left ${[...triggers.map(({ name }) => `the trigger ${name}`), ...(tables.has(copyName(table)) ? [`the table ${copyName(table)}`] : [])].join(', ')}.`,
      'Remove them when no program is at work on the table any more: first the triggers, then the copy.',
    );
}

/** Of another computer's disk nothing is known here. */
async function room({ bytes, folder }: Facts, isHere: boolean, table: string): Promise<string[]> {
  const unknown = [`Whether the server's disk has room for a copy of ${table} could not be looked at from here.`];
  if (!isHere) return unknown;
  const disk = await statfs(folder).catch(() => null);
  if (disk === null) return unknown;
  const free = disk.bavail * disk.bsize;
  if (free < bytes * 1.2)
    refuse(
      `The disk of ${folder} has ${Math.floor(free / 1e6)} MB left, and a copy of ${table} needs ${Math.ceil((bytes * 1.2) / 1e6)} MB.`,
      'Make room first.',
    );
  return [];
}
