/** What hazard rules ask of a MySQL or MariaDB database, in one question. */
import type { CatalogueFacts } from '../../engine/hazards.ts';
import type { Session } from '../../engine/ports.ts';

const question = `
SELECT TABLE_NAME AS name, TABLE_ROWS AS table_rows, COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0) AS bytes
  FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'`;

export async function readFacts(session: Session): Promise<CatalogueFacts> {
  const tables = (await session.query(question)).map(
    (row) =>
      [
        String(row['name']).toLowerCase(),
        { rows: row['table_rows'] === null ? null : Number(row['table_rows']), bytes: Number(row['bytes']) },
      ] as const,
  );
  const { product, version } = session.identity;
  return { product, version, timeZone: null, tables: new Map(tables) };
}
