// What the rules say a change of a table costs, against what the server accepts: on an empty copy, and on the filled table.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptedAlgorithm } from '../../electron/databases/mysql/algorithm.ts';
import { type Alteration, demanding, readDemandable, withChanges } from '../../electron/databases/mysql/alteration.ts';
import { costOf } from '../../electron/databases/mysql/alterationCost.ts';
import { algorithms, lockLevels } from '../../electron/databases/mysql/cost.ts';
import { readFacts } from '../../electron/databases/mysql/facts.ts';
import type { MysqlSession } from '../../electron/databases/mysql/session.ts';
import { mysqlVersionOf } from '../../electron/databases/mysql/version.ts';
import { ServerFault } from '../../electron/engine/ports.ts';
import { open } from '../databases/mysql/support.ts';
import { mariadb, type TestDatabase } from '../servers/index.ts';
import { codesOf } from './mysqlSupport.ts';
import { changes, mysqlTables, uncheckedChanges } from './mysqlTables.ts';

let database: TestDatabase;
let session: MysqlSession;
let close: () => PromiseLike<void>;

beforeAll(async () => {
  const server = await mariadb();
  database = await server.createDatabase();
  const opened = await open({ server, database: database.name });
  session = opened.session;
  close = () => opened[Symbol.asyncDispose]();
});

afterAll(async () => {
  await close();
  await database[Symbol.asyncDispose]();
});

function read(statement: string): { text: string; alteration: Alteration } {
  const found = readDemandable(statement);
  if (found === null) throw new Error(`${statement} cannot be read.`);
  return found;
}

async function prepare(table: string, checked: boolean): Promise<void> {
  const needed = table === 'parent' ? [] : (mysqlTables['parent'] ?? []);
  const own = mysqlTables[table] ?? [];
  for (const sql of ['SET foreign_key_checks = 0', ...needed, 'DROP TABLE IF EXISTS child, people', ...own])
    await session.query(sql);
  await session.query(`SET foreign_key_checks = ${checked ? 1 : 0}`);
}

async function claimOf(statement: string, foreignKeyChecks: boolean) {
  const { alteration } = read(statement);
  const facts = await readFacts(session, 'all');
  const layout = facts.tables.get(alteration.table.name)?.layout ?? null;
  return costOf(alteration, { layout, server: mysqlVersionOf(facts), foreignKeyChecks });
}

/** The number of the error with which the filled table refuses to be changed so; null when it was changed. */
async function refusal(statement: string, algorithm: string, lock: string): Promise<string | null> {
  try {
    const { text, alteration } = read(statement);
    await session.query(withChanges(text, demanding(alteration, algorithm, lock)));
    return null;
  } catch (error) {
    if (error instanceof ServerFault) return error.code;
    throw error;
  }
}

/** An algorithm that MariaDB takes in name only: it copies. */
const inNameOnly = /ENGINE=|ORDER BY|PARTITION/;
/** Rows that do not fit: the copy has none. */
const failsOnRows = /ENUM\('a'\)$/;

async function compare(statement: string, checked: boolean): Promise<void> {
  await prepare(read(statement).alteration.table.name, checked);
  const claim = await claimOf(statement, checked);
  const accepted = await acceptedAlgorithm(session, statement);
  expect(claim.certain).toBe(true);
  const { algorithm, lock } = claim;
  const rule = { COPY: 'copiesTable', INPLACE: 'rebuildsTable', NOCOPY: null, INSTANT: null }[algorithm];
  const codes = await codesOf(checked ? statement : `SET foreign_key_checks = 0; ${statement}`, session);
  expect(codes.filter((code) => code === 'copiesTable' || code === 'rebuildsTable')).toEqual(
    rule === null ? [] : [rule],
  );
  // A rename alone needs the table for itself for its moment.
  if (/RENAME TO people$/.test(statement)) expect(accepted).toEqual({ algorithm: 'INSTANT', lock: 'EXCLUSIVE' });
  else expect(accepted).toEqual({ algorithm, lock });
  if (inNameOnly.test(statement) || failsOnRows.test(statement)) return;
  const better = algorithms[algorithms.indexOf(algorithm) - 1];
  if (better !== undefined) expect(await refusal(statement, better, 'NONE')).toMatch(/^184[56]$/);
  const freer = lockLevels[lockLevels.indexOf(lock) - 1];
  if (freer !== undefined) expect(await refusal(statement, algorithm, freer)).toMatch(/^184[56]$/);
  expect(await refusal(statement, algorithm, accepted?.lock ?? lock)).toBeNull();
}

describe('the algorithm and the lock that the rules expect are those that the server accepts', () => {
  test.each(changes)('%s', (statement) => compare(statement, true));
  test.each(uncheckedChanges)('unchecked: %s', (statement) => compare(statement, false));
});

test('enough is compared, and nothing is left behind', async () => {
  expect(changes.length + uncheckedChanges.length).toBeGreaterThanOrEqual(60);
  const left = await session.query("SHOW TABLES LIKE 'lockkeeper%'");
  expect(left).toEqual([]);
});
