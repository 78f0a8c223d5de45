/** What hazard rules ask of an SQLite file. It keeps no sizes: tables are there or not. */
import type { CatalogueFacts } from '../../engine/hazards.ts';
import type { Session } from '../../engine/ports.ts';

export async function readFacts(session: Session): Promise<CatalogueFacts> {
  const rows = await session.query("SELECT name FROM main.sqlite_schema WHERE type = 'table'");
  const { product, version } = session.identity;
  const tables = new Map(rows.map((row) => [String(row['name']).toLowerCase(), { rows: null, bytes: 0 }] as const));
  return { product, version, timeZone: null, tables };
}
