/** Tables of a database that look like histories: by their columns and by what is in them, never by a name alone. */
import type { FoundHistory, HistoryOwner } from '../../shared/model/detection.ts';
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { Migration } from '../../shared/model/migration.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { Driver } from '../databases/driver.ts';
import { ServerFault, type Session, type TableName } from '../engine/ports.ts';
import { tools } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { formatTable } from './readSource.ts';

/** No tool's history has more. */
const mostColumns = 24;
/** A table of so many rows is an application's. */
const mostRows = 100_000;
/** So few columns of these names an application's table has, too. */
const fewColumns = 3;

/** What a folder holds for one tool. */
export interface ToolFiles {
  readonly migrations: readonly Migration[];
  /** That the project's own settings name. */
  readonly historyTable: TableName | null;
}

interface Owner {
  readonly tool: Tool;
  readonly entries: readonly HistoryEntry[];
  /** Null: the folder holds none of this tool. */
  readonly inFolder: number | null;
  readonly usualName: boolean;
  /** Of the tables that the tool keeps beside it; null: it keeps none. */
  readonly neighbours: { readonly names: readonly string[]; readonly there: boolean } | null;
}

export interface RecognisedHistory {
  readonly table: TableName;
  readonly columns: readonly string[];
  /** The likeliest first. */
  readonly owners: readonly Owner[];
}

/** `files`: by tool, of those whose files the folder may hold. A question. */
export async function findHistories(
  driver: Driver,
  session: Session,
  files: ReadonlyMap<string, ToolFiles>,
): Promise<RecognisedHistory[]> {
  const tables = await driver.readTables(session, mostColumns);
  const names = new Set(tables.map(({ table }) => nameOf(table)));
  const found: RecognisedHistory[] = [];
  for (const { table, columns } of tables) {
    const recognising = tools.filter((tool) => tool.engines.includes(driver.id) && tool.recognises(columns));
    if (recognising.length === 0 || (await isLarge(driver, session, table))) continue;
    const owners: Owner[] = [];
    for (const tool of recognising) {
      const owner = await ownerOf(tool, table, { driver, session, names, files: files.get(tool.id) ?? null });
      if (owner !== null && isHistory(owner, columns)) owners.push(owner);
    }
    owners.sort((a, b) => weightOf(b) - weightOf(a));
    if (owners.length > 0) found.push({ table, columns, owners });
  }
  return found.sort((a, b) => bestOf(b) - bestOf(a));
}

const bestOf = ({ owners: [first] }: RecognisedHistory): number => (first === undefined ? 0 : weightOf(first));

async function isLarge(driver: Driver, session: Session, table: TableName): Promise<boolean> {
  const quoted = driver.dialect.quoteTable(table);
  const limited = `SELECT count(*) AS found FROM (SELECT 1 AS one FROM ${quoted} LIMIT ${mostRows + 1}) AS counted`;
  const [row] = await orNothing(() => session.query(limited), []);
  return row === undefined || Number(row['found']) > mostRows;
}

interface Place {
  readonly driver: Driver;
  readonly session: Session;
  readonly names: ReadonlySet<string>;
  readonly files: ToolFiles | null;
}

/** Null: what is in it cannot be this tool's. */
async function ownerOf(tool: Tool, table: TableName, place: Place): Promise<Owner | null> {
  const { driver, session, names, files } = place;
  const history = tool.history(driver.id, driver.dialect, table, files?.migrations ?? []);
  const entries = await orNothing(() => history.read(session), null);
  if (entries === null) return null;
  const known = new Set(files?.migrations.map(({ historyKey }) => historyKey));
  const usual = files?.historyTable ?? tool.history(driver.id, driver.dialect, null).table;
  const beside = history.beside ?? [];
  return {
    tool,
    entries,
    inFolder: files === null ? null : entries.filter(({ historyKey }) => known.has(historyKey)).length,
    usualName: usual.name.toLowerCase() === table.name.toLowerCase(),
    neighbours:
      beside.length === 0
        ? null
        : {
            names: beside.map(({ name }) => name),
            there: beside.every((one) => names.has(nameOf({ schema: table.schema, name: one.name }))),
          },
  };
}

/** A table that cannot be read, or whose values are of other kinds, tells nothing. */
async function orNothing<T>(ask: () => Promise<T>, nothing: T): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    const harmless =
      thrown instanceof ProblemError || (thrown instanceof ServerFault && thrown.kind !== 'connectionLost');
    if (harmless) return nothing;
    throw thrown;
  }
}

/** Where columns say little, the values must look like versions, and the name or the folder must agree. */
function isHistory({ entries, inFolder, usualName }: Owner, columns: readonly string[]): boolean {
  if (columns.length > fewColumns || (inFolder ?? 0) > 0) return true;
  return usualName && entries.every(({ historyKey }) => /\d/.test(historyKey));
}

function weightOf({ entries, inFolder, usualName, neighbours }: Owner): number {
  const files = inFolder === null ? 0 : entries.length === 0 ? 2 : (4 * inFolder) / entries.length;
  return files + (usualName ? 1 : 0) + (neighbours === null ? 0 : neighbours.there ? 1 : -2);
}

const nameOf = ({ schema, name }: TableName): string => JSON.stringify([schema, name.toLowerCase()]);

export const viewHistory = ({ table, columns, owners }: RecognisedHistory): FoundHistory => ({
  table: formatTable(table),
  columns,
  tools: owners.map(viewOwner),
});

const viewOwner = (owner: Owner): HistoryOwner => ({
  tool: owner.tool.id,
  title: owner.tool.title,
  evidence: evidenceOf(owner),
  entries: owner.entries.length,
  inFolder: owner.inFolder,
});

export function evidenceOf({ tool, entries, inFolder, usualName, neighbours }: Owner): string[] {
  const total = countedEntries(entries);
  return [
    `the columns of ${tool.title}’s history`,
    usualName ? 'the name it has by default or by the project’s settings' : 'another name than usual',
    inFolder === null || entries.length === 0 ? total : `${inFolder} of ${total} in the folder`,
    ...(neighbours === null
      ? []
      : [`${neighbours.names.join(', ')} ${neighbours.there ? 'beside it' : 'not beside it'}`]),
  ];
}

export const countedEntries = ({ length }: readonly unknown[]): string =>
  `${length} ${length === 1 ? 'entry' : 'entries'}`;
